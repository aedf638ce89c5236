package machine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/distribution/reference"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/profile"
)

// Containerd is one of the places where a machine keeps container images.
type Containerd string

// The places: of Kubernetes and of Talos itself on the EPHEMERAL partition, and in memory for what is needed before it.
const (
	ContainerdKubernetes Containerd = "k8s.io"
	ContainerdSystem     Containerd = "system"
	ContainerdMemory     Containerd = "inmem"
)

// StoredImage is a container image that was pulled.
type StoredImage struct {
	Name      string    `json:"name"`
	Digest    string    `json:"digest"`
	Size      int64     `json:"size"`
	CreatedAt time.Time `json:"createdAt"`
	// Pinned is the image's name with its digest.
	Pinned string `json:"pinned"`
	// Pulled is the reference as it was asked for: its tag says what a digest cannot.
	Pulled string `json:"pulled"`
}

// LayerProgress is called while an image is pulled: how much of a layer is there, and whether it is unpacked.
type LayerProgress func(layer string, offset, total int64, unpacked bool)

// ErrImageNotFound is why a pull fails of an image that no registry has.
var ErrImageNotFound = errors.New("not found")

// imageStore keeps what was pulled, in memory or, with a path, on the EPHEMERAL partition.
type imageStore struct {
	mu     sync.Mutex
	memory map[string]StoredImage
}

// pullShare is the part of the time of an installation that the pull of its image takes.
const pullShare = 4

const imageBytes = 120 << 20

// Pull gets an image into one of the machine's containerds; one that is there already is not asked for again.
func (boot *Boot) Pull(ctx context.Context, where Containerd, wanted string, progress LayerProgress) (StoredImage, error) {
	named, err := reference.ParseDockerRef(wanted)
	if err != nil {
		return StoredImage{}, fmt.Errorf("failed to parse image reference %q: %w", wanted, err)
	}

	name := named.String()
	if found, err := boot.FindImage(where, name); found != nil || err != nil {
		return value(found), err
	}

	if _, installer := profile.ParseInstaller(wanted); installer && boot.Machine.Faults.Has(fault.PullFails) {
		return StoredImage{}, fmt.Errorf("failed to pull image %q: failed to resolve reference %q: %s: %w", name, name, name, ErrImageNotFound)
	}

	sum := sha256.Sum256([]byte(name))
	digest := "sha256:" + hex.EncodeToString(sum[:])

	if canonical, pinned := named.(reference.Canonical); pinned {
		digest = canonical.Digest().String()
	}

	layer := strings.TrimPrefix(digest, "sha256:")[:12]

	for _, share := range []int64{1, 2} {
		progress(layer, imageBytes*share/3, imageBytes, false) //nolint:mnd

		if err := pause.For(ctx, boot.Machine.installTime()/pullShare/2); err != nil {
			return StoredImage{}, err
		}
	}

	progress(layer, imageBytes, imageBytes, true)

	image := StoredImage{
		Name: name, Digest: digest, Size: imageBytes, CreatedAt: time.Now().UTC(), Pinned: named.Name() + "@" + digest, Pulled: wanted,
	}

	return image, boot.storeImage(where, image)
}

// storeImage keeps an image under all the names containerd gives it: as asked for, pinned, and the digest alone.
func (boot *Boot) storeImage(where Containerd, image StoredImage) error {
	return boot.changeImages(where, func(images map[string]StoredImage) error {
		for _, name := range []string{image.Name, image.Pinned, image.Digest} {
			alias := image
			alias.Name = name
			images[name] = alias
		}

		return nil
	})
}

// Images lists what is in a containerd, by name.
func (boot *Boot) Images(where Containerd) ([]StoredImage, error) {
	list := []StoredImage(nil)

	err := boot.changeImages(where, func(images map[string]StoredImage) error {
		for _, name := range slices.Sorted(maps.Keys(images)) {
			list = append(list, images[name])
		}

		return errUnchanged
	})

	return list, err
}

// FindImage returns the image of exactly this name, nil when there is none.
func (boot *Boot) FindImage(where Containerd, name string) (*StoredImage, error) {
	images, err := boot.Images(where)
	if err != nil {
		return nil, err
	}

	for _, image := range images {
		if image.Name == name {
			return &image, nil
		}
	}

	return nil, nil //nolint:nilnil // there is none
}

// RemoveImage forgets the image of exactly this name and tells whether there was one.
func (boot *Boot) RemoveImage(where Containerd, name string) (bool, error) {
	removed := false

	err := boot.changeImages(where, func(images map[string]StoredImage) error {
		_, removed = images[name]
		delete(images, name)

		return nil
	})

	return removed, err
}

// ContainerdUp tells whether a containerd runs.
func (boot *Boot) ContainerdUp(where Containerd) bool {
	if where == ContainerdMemory {
		return boot.Services.IsUp("containerd")
	}

	return boot.Services.IsUp("cri")
}

// errUnchanged says that the images were only looked at.
var errUnchanged = errors.New("unchanged")

// changeImages lets work see and change the images of a containerd, one at a time.
func (boot *Boot) changeImages(where Containerd, work func(map[string]StoredImage) error) error {
	store := &boot.images

	store.mu.Lock()
	defer store.mu.Unlock()

	if where == ContainerdMemory {
		if store.memory == nil {
			store.memory = map[string]StoredImage{}
		}

		return changed(work(store.memory))
	}

	path := filepath.Join(boot.Machine.Disk.Ephemeral(), "containerd", string(where)+".json")
	images := map[string]StoredImage{}

	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &images)
	}

	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: not readable: %w", path, err)
	}

	if err := work(images); err != nil {
		return changed(err)
	}

	if data, err = json.Marshal(images); err != nil {
		return err
	}

	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}

	return os.WriteFile(path, data, 0o600)
}

func changed(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}

	return err
}

func value(image *StoredImage) StoredImage {
	if image == nil {
		return StoredImage{}
	}

	return *image
}

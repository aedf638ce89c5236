package resources

import (
	"context"
	"fmt"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/cosi-project/runtime/pkg/state"
	"github.com/cosi-project/runtime/pkg/state/impl/inmem"
	"github.com/cosi-project/runtime/pkg/state/impl/namespaced"
	talosconfig "github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
)

// Store is the COSI state of one boot.
type Store struct {
	state.State

	groups map[string]map[string]resource.Metadata
}

// NewStore returns a state with everything registered and no resource.
func NewStore(ctx context.Context) (*Store, error) {
	store := &Store{
		State: state.WrapCore(namespaced.NewState(func(namespace string) state.CoreState {
			// A short history as Talos keeps it: watchers that fall behind further than this are told so.
			return inmem.NewStateWithOptions(
				inmem.WithHistoryInitialCapacity(8), inmem.WithHistoryMaxCapacity(1024), inmem.WithHistoryGap(4),
			)(namespace)
		})),
		groups: map[string]map[string]resource.Metadata{},
	}

	return store, register(ctx, store.State)
}

// Sync makes the resources of a group exactly those given. A resource's version moves only when its contents do.
func (store *Store) Sync(ctx context.Context, group string, desired []resource.Resource) error {
	kept := map[string]resource.Metadata{}

	for _, wanted := range desired {
		if err := store.put(ctx, wanted); err != nil {
			return err
		}

		kept[key(wanted.Metadata())] = wanted.Metadata().Copy()
	}

	for name, metadata := range store.groups[group] {
		if _, wanted := kept[name]; wanted {
			continue
		}

		if err := store.Destroy(ctx, metadata, state.WithDestroyOwner(ownerOf(metadata))); err != nil && !state.IsNotFoundError(err) {
			return fmt.Errorf("destroying %s: %w", metadata, err)
		}
	}

	store.groups[group] = kept

	return nil
}

func key(metadata *resource.Metadata) string {
	return metadata.Namespace() + "/" + metadata.Type() + "/" + metadata.ID()
}

func (store *Store) put(ctx context.Context, wanted resource.Resource) error {
	owner := ownerOf(*wanted.Metadata())

	current, err := store.Get(ctx, wanted.Metadata())
	if state.IsNotFoundError(err) {
		return store.Create(ctx, wanted, state.WithCreateOwner(owner))
	}

	if err != nil {
		return err
	}

	wanted.Metadata().SetVersion(current.Metadata().Version())

	if err := wanted.Metadata().SetOwner(current.Metadata().Owner()); err != nil {
		return err
	}

	if resource.Equal(current, wanted) {
		return nil
	}

	return store.Update(ctx, wanted, state.WithUpdateOwner(owner))
}

// SetConfig stores a machine config under its id. As in Talos every set is a new version, changed or not.
func (store *Store) SetConfig(ctx context.Context, id resource.ID, provider talosconfig.Provider) error {
	wanted := config.NewMachineConfigWithID(provider, id)

	current, err := store.Get(ctx, wanted.Metadata())
	if state.IsNotFoundError(err) {
		return store.Create(ctx, wanted)
	}

	if err != nil {
		return err
	}

	wanted.Metadata().SetVersion(current.Metadata().Version())

	return store.Update(ctx, wanted)
}

// Version returns the version of a resource, "" when it does not exist.
func (store *Store) Version(ctx context.Context, pointer resource.Pointer) string {
	current, err := store.Get(ctx, pointer)
	if err != nil {
		return ""
	}

	return current.Metadata().Version().String()
}

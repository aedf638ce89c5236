package bridge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const (
	metaKey  resource.PropertyKey = "__meta"
	deltaKey resource.PropertyKey = "__pulumi_raw_state_delta"
	// absentID stands in state for a resource whose provider gave no id.
	absentID = "id"
)

// idKey is part of every state, though no program sets it.
const idKey resource.PropertyKey = "id"

// idAttribute is the id as every resource of the provider declares it.
func idAttribute(keep bool) *Attribute {
	return &Attribute{Terraform: "id", Computed: true, Keep: keep}
}

// WithID adds the id to a resource's attributes. A kept id survives an update.
func WithID(keep bool, schema Schema) Schema {
	schema[idKey] = idAttribute(keep)

	return schema
}

var errIrreversible = errors.New("recovered raw state does not byte-for-byte match the original raw state")

// reversible tells whether the bridge can make the Terraform state from what it stores. It cannot when `timeouts` sets some of
// its values but not all, and only finds out when the machine was changed already: a fault of the real plugin.
func (schema Schema) reversible(state resource.PropertyMap) bool {
	limits, found := state[timeoutsKey]
	if !found || !limits.IsObject() {
		return true
	}

	return len(limits.ObjectValue()) == len(schema[timeoutsKey].Attributes)
}

// store turns a state into what the engine keeps: secrets marked, and the bridge's own bookkeeping beside it.
func store(definition Resource, state resource.PropertyMap) (string, resource.PropertyMap, error) {
	schema := definition.Schema()
	if !schema.reversible(state) {
		return "", nil, errIrreversible
	}

	stored := schema.markSecrets(schema.pick(state))

	if version := definition.SchemaVersion(); version > 0 {
		meta, _ := json.Marshal(map[string]string{"schema_version": strconv.Itoa(version)}) //nolint:errchkjson
		stored[metaKey] = resource.NewStringProperty(string(meta))
	}

	if IsNull(stored, idKey) {
		stored[idKey] = resource.NewStringProperty(absentID)
	}

	stored[deltaKey] = schema.delta(state)

	return Text(stored, idKey), stored, nil
}

// checkVersion refuses a state that a newer plugin wrote, as the bridge does.
func checkVersion(token string, definition Resource, state resource.PropertyMap) error {
	var meta struct {
		SchemaVersion string `json:"schema_version"`
	}

	text := Text(state, metaKey)
	if text == "" {
		return nil
	}

	if err := json.Unmarshal([]byte(text), &meta); err != nil {
		return fmt.Errorf("expected %q special property to be a JSON-marshalled string: %w", metaKey, err)
	}

	version, err := strconv.Atoi(meta.SchemaVersion)
	if err != nil || version <= definition.SchemaVersion() {
		return nil //nolint:nilerr // an unreadable version counts as the oldest
	}

	return fmt.Errorf("The current state of %s was created by a newer provider version "+ //nolint:staticcheck // the bridge's text
		" and cannot be downgraded from resource schema version %d to %d. Please upgrade the provider",
		token, version, definition.SchemaVersion())
}

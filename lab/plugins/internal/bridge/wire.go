package bridge

import (
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// read drops secret marks: like the real plugin, this one tells the engine that it takes none.
func read(label string, properties *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(properties, plugin.MarshalOptions{
		Label: label, KeepUnknowns: true, KeepResources: true,
	})
}

func (server *Server) write(label string, properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{
		Label: label, KeepUnknowns: true, KeepSecrets: server.keepSecrets, KeepResources: server.keepResources,
	})
}

// readAll unmarshals several property sets of one request.
func readAll(sets map[string]*structpb.Struct) (map[string]resource.PropertyMap, error) {
	all := map[string]resource.PropertyMap{}

	for label, properties := range sets {
		values, err := read(label, properties)
		if err != nil {
			return nil, err
		}

		all[label] = values
	}

	return all, nil
}

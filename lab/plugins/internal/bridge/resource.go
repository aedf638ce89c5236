package bridge

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Resource is what a Terraform resource implements; state goes in and out without secrets marked.
type Resource interface {
	Schema() Schema
	// SchemaVersion is stored beside the state, so that the real plugin reads it as its own.
	SchemaVersion() int
	// Validate looks at the whole configuration; unknown values may be in it.
	Validate(config resource.PropertyMap) Diagnostics
	// ModifyPlan fills in what can be known before the change.
	ModifyPlan(ctx context.Context, plan *Plan) Diagnostics
	Create(ctx context.Context, plan *Plan) (resource.PropertyMap, Diagnostics)
	Update(ctx context.Context, plan *Plan) (resource.PropertyMap, Diagnostics)
	Delete(ctx context.Context, state resource.PropertyMap) Diagnostics
}

// Importer is a resource that can be taken into a stack by an id.
type Importer interface {
	Import(id string) (resource.PropertyMap, Diagnostics)
}

// Function is what a Terraform data source implements.
type Function interface {
	Arguments() Schema
	// Validate looks at the arguments before they are read.
	Validate(arguments resource.PropertyMap) Diagnostics
	Read(ctx context.Context, arguments resource.PropertyMap) (resource.PropertyMap, Diagnostics)
}

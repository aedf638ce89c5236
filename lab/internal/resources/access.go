package resources

import (
	"context"
	"fmt"
	"strings"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/cosi-project/runtime/pkg/resource/meta"
	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/cosi-project/runtime/pkg/state"
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Readable returns the state as the API serves it: read only, registered types only, sensitive ones for admins.
func (store *Store) Readable() state.State {
	return state.WrapCore(state.Filter(store.State, store.allow))
}

func (store *Store) allow(ctx context.Context, access state.Access) error {
	if !access.Verb.Readonly() {
		return status.Error(codes.PermissionDenied, "write access is not allowed")
	}

	definition, err := safe.StateGet[*meta.ResourceDefinition](ctx, store.State, resource.NewMetadata(
		meta.NamespaceName, meta.ResourceDefinitionType, strings.ToLower(access.ResourceType), resource.VersionUndefined))

	switch {
	case state.IsNotFoundError(err):
		return status.Error(codes.PermissionDenied, fmt.Sprintf("resource type %q is not supported", access.ResourceType))
	case err != nil:
		return err
	}

	if definition.TypedSpec().Sensitivity == meta.Sensitive && !authz.HasRole(ctx, role.Admin) {
		return authz.ErrNotAuthorized
	}

	_, err = safe.StateGet[*meta.Namespace](ctx, store.State, resource.NewMetadata(
		meta.NamespaceName, meta.NamespaceType, access.ResourceNamespace, resource.VersionUndefined))
	if state.IsNotFoundError(err) {
		return status.Error(codes.PermissionDenied, fmt.Sprintf("namespace %q is not supported", access.ResourceNamespace))
	}

	return err
}

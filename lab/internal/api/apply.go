package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configdiff"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"talos-cluster/lab/internal/fault"
	emulated "talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
)

// errApplyInProgress is what Talos answers, since the later releases of 1.13, while another config is being applied.
var errApplyInProgress = status.Error(codes.FailedPrecondition, "another apply configuration is already in progress")

const (
	withReboot    = "Applied configuration with a reboot"
	withoutReboot = "Applied configuration without a reboot"
	staged        = "Staged configuration to be applied after the next reboot"
)

// mode is an ApplyConfiguration mode.
type mode = machine.ApplyConfigurationRequest_Mode

// resolution is what a requested mode means for a config on this machine.
type resolution struct {
	mode    mode
	details string
	reason  string // why a reboot is needed
}

// ApplyConfiguration implements machine.MachineServiceServer.
func (server *Machine) ApplyConfiguration(
	ctx context.Context, request *machine.ApplyConfigurationRequest,
) (*machine.ApplyConfigurationResponse, error) {
	boot := server.boot
	maintenance := boot.InMaintenance()

	if boot.Machine.Faults.Has(fault.ConcurrentApply) {
		boot.Journal.Talos("apply config request refused: %s", errApplyInProgress)

		return nil, errApplyInProgress
	}

	if maintenance && holdsSecrets(request.GetData()) {
		server.observer.SecretsReceived(boot.Machine)
	}

	if !maintenance && !authz.HasRole(ctx, role.Admin) {
		return nil, authz.ErrNotAuthorized
	}

	if request.Mode != machine.ApplyConfigurationRequest_TRY {
		boot.CancelRollback()
	}

	provider, warnings, err := server.parse(ctx, request.GetData(), maintenance)
	if err != nil {
		return nil, err
	}

	resolved, err := resolve(boot, provider, request.Mode, maintenance)
	if err != nil {
		return nil, err
	}

	if request.DryRun {
		return dryRun(boot, provider, resolved)
	}

	boot.Journal.Talos("apply config request: mode %s", strings.ToLower(label(request.Mode, resolved.mode)))

	if err := server.apply(ctx, request, provider, &resolved); err != nil {
		return nil, err
	}

	server.observer.Applied(boot.Machine, emulated.Apply{
		Mode:         request.Mode.String(),
		ResolvedMode: resolved.mode.String(),
		Insecure:     maintenance,
		Rebooted:     resolved.mode == machine.ApplyConfigurationRequest_REBOOT,
	})

	return applied(resolved.mode, resolved.details+resolved.reason, warnings), nil
}

func applied(mode mode, details string, warnings []string) *machine.ApplyConfigurationResponse {
	return &machine.ApplyConfigurationResponse{
		Messages: []*machine.ApplyConfiguration{{Mode: mode, ModeDetails: details, Warnings: warnings}},
	}
}

func label(requested, resolved mode) string {
	if requested == machine.ApplyConfigurationRequest_AUTO {
		return fmt.Sprintf("%s(%s)", requested, resolved)
	}

	return requested.String()
}

func (server *Machine) parse(ctx context.Context, data []byte, maintenance bool) (config.Provider, []string, error) {
	boot := server.boot

	provider, err := boot.Profile.Decode(data)
	if err != nil {
		return nil, nil, status.Error(codes.InvalidArgument, err.Error())
	}

	if !maintenance && provider.RawV1Alpha1() == nil {
		return nil, nil, status.Error(codes.InvalidArgument,
			"the applied machine configuration doesn't contain v1alpha1 config, did you mean to patch the machine config instead?")
	}

	static, runtime, staticErr, runtimeErr := boot.Profile.Validate(ctx, provider, boot.Resources,
		profile.Mode{Installed: boot.Machine.Disk.System() != nil})

	for _, err := range []error{staticErr, runtimeErr} {
		if err != nil {
			return nil, nil, status.Error(codes.InvalidArgument, err.Error())
		}
	}

	return provider, slices.Concat(static, runtime), nil
}

// resolve decides what a mode does here: the immediate-or-reboot rule.
func resolve(boot *emulated.Boot, provider config.Provider, requested mode, maintenance bool) (resolution, error) {
	if maintenance && requested == machine.ApplyConfigurationRequest_REBOOT {
		requested = machine.ApplyConfigurationRequest_NO_REBOOT
	}

	immediate := boot.CanApplyImmediate(provider)
	if maintenance {
		immediate = nil
	}

	switch requested {
	case machine.ApplyConfigurationRequest_TRY, machine.ApplyConfigurationRequest_NO_REBOOT:
		if immediate != nil {
			return resolution{}, status.Error(codes.InvalidArgument, immediate.Error())
		}

		return resolution{mode: requested, details: withoutReboot}, nil
	case machine.ApplyConfigurationRequest_STAGED:
		return resolution{mode: requested, details: staged}, nil
	case machine.ApplyConfigurationRequest_AUTO:
		if immediate != nil {
			return resolution{
				mode: machine.ApplyConfigurationRequest_REBOOT, details: withReboot, reason: ": " + immediate.Error(),
			}, nil
		}

		return resolution{mode: machine.ApplyConfigurationRequest_NO_REBOOT, details: withoutReboot}, nil
	default:
		return resolution{mode: requested, details: withReboot}, nil
	}
}

func dryRun(boot *emulated.Boot, provider config.Provider, resolved resolution) (*machine.ApplyConfigurationResponse, error) {
	// A nil provider in an interface is not a nil encoder.
	var current config.Encoder
	if active := boot.Config(); active != nil {
		current = active
	}

	diff, err := configdiff.DiffConfigs(current, provider)
	if err != nil {
		return nil, fmt.Errorf("failed to generate diff: %w", err)
	}

	if diff == "" {
		diff = "No changes."
	}

	return applied(resolved.mode,
		fmt.Sprintf("Dry run summary:\n%s (skipped in dry-run).\nConfig diff:\n\n%s", resolved.details, diff), nil), nil
}

func (server *Machine) apply(
	ctx context.Context, request *machine.ApplyConfigurationRequest, provider config.Provider, resolved *resolution,
) error {
	boot := server.boot
	// What was accepted is carried out even when the caller goes away.
	ctx = context.WithoutCancel(ctx)

	switch resolved.mode {
	case machine.ApplyConfigurationRequest_TRY:
		timeout := constants.ConfigTryTimeout
		if request.TryModeTimeout != nil {
			timeout = request.TryModeTimeout.AsDuration()
		}

		resolved.details += fmt.Sprintf(
			"\nThe config is applied in 'try' mode and will be automatically reverted back in %s", timeout)

		boot.RollbackAfter(timeout)

		return boot.SetConfig(ctx, provider)
	case machine.ApplyConfigurationRequest_NO_REBOOT:
		if err := boot.SetPersistedConfig(ctx, provider); err != nil {
			return err
		}

		return boot.SetConfig(ctx, provider)
	case machine.ApplyConfigurationRequest_STAGED:
		return boot.SetPersistedConfig(ctx, provider)
	case machine.ApplyConfigurationRequest_REBOOT:
		if err := boot.SetPersistedConfig(ctx, provider); err != nil {
			return err
		}

		boot.Reboot("", machine.RebootRequest_DEFAULT, true)

		return nil
	default:
		return fmt.Errorf("incorrect mode '%s' specified for the apply config call", resolved.mode)
	}
}

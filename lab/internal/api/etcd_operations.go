package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// EtcdRemoveMemberByID implements machine.MachineServiceServer: any member of the cluster, dead or alive.
func (server *Machine) EtcdRemoveMemberByID(
	ctx context.Context, request *machine.EtcdRemoveMemberByIDRequest,
) (*machine.EtcdRemoveMemberByIDResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd remove member"); err != nil {
		return nil, err
	}

	if err := server.boot.RemoveEtcdMember(ctx, request.MemberId); err != nil {
		if errors.Is(err, rpctypes.ErrMemberNotFound) {
			return nil, status.Error(codes.NotFound, err.Error())
		}

		return nil, fmt.Errorf("failed to remove member: %w", err)
	}

	return &machine.EtcdRemoveMemberByIDResponse{Messages: []*machine.EtcdRemoveMemberByID{{}}}, nil
}

// EtcdLeaveCluster implements machine.MachineServiceServer: the machine's own member.
func (server *Machine) EtcdLeaveCluster(
	ctx context.Context, _ *machine.EtcdLeaveClusterRequest,
) (*machine.EtcdLeaveClusterResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd leave"); err != nil {
		return nil, err
	}

	if err := server.boot.LeaveEtcd(ctx); err != nil {
		return nil, fmt.Errorf("failed to leave cluster: %w", err)
	}

	return &machine.EtcdLeaveClusterResponse{Messages: []*machine.EtcdLeaveCluster{{}}}, nil
}

// EtcdForfeitLeadership implements machine.MachineServiceServer.
func (server *Machine) EtcdForfeitLeadership(
	ctx context.Context, _ *machine.EtcdForfeitLeadershipRequest,
) (*machine.EtcdForfeitLeadershipResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd forfeit leadership"); err != nil {
		return nil, err
	}

	leader, err := server.boot.ForfeitEtcdLeadership(ctx)
	if err != nil {
		return nil, fmt.Errorf("failed to forfeit leadership: %w", err)
	}

	return &machine.EtcdForfeitLeadershipResponse{Messages: []*machine.EtcdForfeitLeadership{{Member: leader}}}, nil
}

// EtcdDefragment implements machine.MachineServiceServer.
func (server *Machine) EtcdDefragment(ctx context.Context, _ *emptypb.Empty) (*machine.EtcdDefragmentResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd defragment"); err != nil {
		return nil, err
	}

	if _, err := patiently(ctx, server.boot.Etcd().Running, server.boot.Etcd().Defragment); err != nil {
		return nil, fmt.Errorf("failed to defragment etcd: %w", err)
	}

	return &machine.EtcdDefragmentResponse{Messages: []*machine.EtcdDefragment{{}}}, nil
}

// EtcdAlarmDisarm implements machine.MachineServiceServer.
func (server *Machine) EtcdAlarmDisarm(ctx context.Context, _ *emptypb.Empty) (*machine.EtcdAlarmDisarmResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd alarm disarm"); err != nil {
		return nil, err
	}

	disarmed, err := patiently(ctx, server.boot.Etcd().Running, server.boot.Etcd().Disarm)
	if err != nil {
		return nil, fmt.Errorf("failed to disarm etcd alarm: %w", err)
	}

	return &machine.EtcdAlarmDisarmResponse{
		Messages: []*machine.EtcdAlarmDisarm{{MemberAlarms: memberAlarms(disarmed)}},
	}, nil
}

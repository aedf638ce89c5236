package api

import (
	"context"
	"fmt"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/protobuf/types/known/emptypb"
)

// etcdPoll is how often is looked whether there is an etcd to ask by now.
const etcdPoll = 250 * time.Millisecond

// patiently asks once there is an etcd to ask. Talos's etcd client behaves so: while there is none a call hangs until its
// caller gives up, and what an etcd answers is the answer.
func patiently[Answer any](ctx context.Context, available func() bool, ask func(context.Context) (Answer, error)) (Answer, error) {
	for !available() {
		select {
		case <-ctx.Done():
			var none Answer

			return none, ctx.Err()
		case <-time.After(etcdPoll):
		}
	}

	return ask(ctx)
}

// EtcdMemberList implements machine.MachineServiceServer.
func (server *Machine) EtcdMemberList(
	ctx context.Context, _ *machine.EtcdMemberListRequest,
) (*machine.EtcdMemberListResponse, error) {
	if err := controlPlaneOnly(server.boot, "member list"); err != nil {
		return nil, err
	}

	list, err := patiently(ctx, server.boot.EtcdReachable, server.boot.EtcdMembers)
	if err != nil {
		return nil, err
	}

	reply := &machine.EtcdMembers{}

	for _, member := range list.Members {
		reply.LegacyMembers = append(reply.LegacyMembers, member.Name)
		reply.Members = append(reply.Members, &machine.EtcdMember{
			Id:         member.ID,
			Hostname:   member.Name,
			PeerUrls:   member.PeerURLs,
			ClientUrls: member.ClientURLs,
			IsLearner:  member.IsLearner,
		})
	}

	return &machine.EtcdMemberListResponse{Messages: []*machine.EtcdMembers{reply}}, nil
}

// EtcdStatus implements machine.MachineServiceServer: the machine's own member only.
func (server *Machine) EtcdStatus(ctx context.Context, _ *emptypb.Empty) (*machine.EtcdStatusResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd status"); err != nil {
		return nil, err
	}

	status, err := patiently(ctx, server.boot.Etcd().Running, server.boot.Etcd().Status)
	if err != nil {
		return nil, fmt.Errorf("failed to query etcd status: %w", err)
	}

	return &machine.EtcdStatusResponse{
		Messages: []*machine.EtcdStatus{{
			MemberStatus: &machine.EtcdMemberStatus{
				MemberId:         status.Header.MemberId,
				ProtocolVersion:  status.Version,
				StorageVersion:   status.StorageVersion,
				DbSize:           status.DbSize,
				DbSizeInUse:      status.DbSizeInUse,
				Leader:           status.Leader,
				RaftIndex:        status.RaftIndex,
				RaftTerm:         status.RaftTerm,
				RaftAppliedIndex: status.RaftAppliedIndex,
				Errors:           status.Errors,
				IsLearner:        status.IsLearner,
			},
		}},
	}, nil
}

// EtcdAlarmList implements machine.MachineServiceServer.
func (server *Machine) EtcdAlarmList(ctx context.Context, _ *emptypb.Empty) (*machine.EtcdAlarmListResponse, error) {
	if err := controlPlaneOnly(server.boot, "etcd alarm list"); err != nil {
		return nil, err
	}

	alarms, err := patiently(ctx, server.boot.Etcd().Running, server.boot.Etcd().Alarms)
	if err != nil {
		return nil, fmt.Errorf("failed to list etcd alarms: %w", err)
	}

	return &machine.EtcdAlarmListResponse{Messages: []*machine.EtcdAlarm{{MemberAlarms: memberAlarms(alarms)}}}, nil
}

func memberAlarms(from *clientv3.AlarmResponse) []*machine.EtcdMemberAlarm {
	alarms := []*machine.EtcdMemberAlarm(nil)

	for _, alarm := range from.Alarms {
		alarms = append(alarms, &machine.EtcdMemberAlarm{
			MemberId: alarm.MemberID,
			Alarm:    machine.EtcdMemberAlarm_AlarmType(alarm.Alarm),
		})
	}

	return alarms
}

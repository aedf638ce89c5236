package talos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/siderolabs/talos/pkg/machinery/api/common"
	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"talos-cluster/lab/plugins/internal/plugintest"
)

const resetActor = "actor"

// Events sends an empty event, then what follows a reset.
func (m *fakeMachine) Events(_ *machineapi.EventsRequest, stream machineapi.MachineService_EventsServer) error {
	if err := stream.Send(&machineapi.Event{}); err != nil {
		return err
	}

	select {
	case event := <-m.events:
		payload, err := proto.Marshal(event)
		if err != nil {
			return err
		}

		name := "talos/runtime/" + string(event.ProtoReflect().Descriptor().FullName())
		if err := stream.Send(&machineapi.Event{
			Id: "1", ActorId: resetActor, Data: &anypb.Any{TypeUrl: name, Value: payload},
		}); err != nil {
			return err
		}
	case <-stream.Context().Done():
	}

	<-stream.Context().Done()

	return nil
}

func (m *fakeMachine) Reset(ctx context.Context, request *machineapi.ResetRequest) (*machineapi.ResetResponse, error) {
	labels := []string{}
	for _, partition := range request.GetSystemPartitionsToWipe() {
		labels = append(labels, partition.GetLabel())
	}

	if err := m.answer(ctx, fmt.Sprintf("reset %v %v %v", request.GetGraceful(), request.GetReboot(), labels)); err != nil {
		return nil, err
	}

	m.events <- m.afterReset

	return &machineapi.ResetResponse{Messages: []*machineapi.Reset{{ActorId: resetActor}}}, nil
}

func (m *fakeMachine) Read(_ *machineapi.ReadRequest, stream machineapi.MachineService_ReadServer) error {
	return stream.Send(&common.Data{Bytes: []byte("boot\n")})
}

func TestDeleteResetsWhenTheStateSaysSo(t *testing.T) {
	stopped := &machineapi.TaskEvent{Task: stopTask}
	failed := &machineapi.SequenceEvent{
		Sequence: "reset", Action: machineapi.SequenceEvent_STOP, Error: &common.Error{Message: "no quorum"},
	}

	for _, test := range []struct {
		name             string
		graceful, reboot bool
		after            proto.Message
		fails            string
	}{
		{"graceful", true, false, stopped, ""},
		{"with a reboot", false, true, stopped, ""},
		{"refused by etcd", true, false, failed, "Error resetting machine: 1 error(s) occurred:\n\tsequence error: no quorum"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plugin, machine := start(t), startMachine(t, true)
			machine.afterReset = test.after

			state := stored(plugin.mustCreate(applyToken, plugintest.With(applyInputs(t, plugin, machine), map[string]any{
				"onDestroy": map[string]any{"reset": true, "graceful": test.graceful, "reboot": test.reboot},
			})))
			machine.asked()

			_, err := plugin.Delete(t.Context(), &pulumirpc.DeleteRequest{
				Urn: urn(applyToken), Id: "x", Properties: plugintest.Wire(t, state),
			})
			if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("error %v", err)
			}

			want := fmt.Sprintf("stranger reset %v %v [STATE EPHEMERAL]", test.graceful, test.reboot)
			if calls := machine.asked(); !slices.Contains(calls, want) {
				t.Errorf("calls %v, want %s", calls, want)
			}
		})
	}
}

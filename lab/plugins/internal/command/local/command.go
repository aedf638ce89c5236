package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// idLength is the number of random characters after the name in a resource's id.
const idLength = 8

// Command runs a command when it is created, updated or deleted. Its outputs are unknown in a preview, and plain even when an
// input is secret.
type Command struct{}

// CommandInputs are what a program gives.
type CommandInputs struct {
	Lifecycle
	Process
}

// CommandOutputs are what is kept: the inputs, and what the last command said.
type CommandOutputs struct {
	CommandInputs
	Output
}

// Create runs `create`; a preview runs nothing.
func (*Command) Create(
	ctx context.Context, request infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	id, err := resource.NewUniqueHex(request.Name, idLength, 0)
	response := infer.CreateResponse[CommandOutputs]{ID: id, Output: CommandOutputs{CommandInputs: request.Inputs}}

	if err == nil && !request.DryRun {
		err = response.Output.run(ctx, request.Inputs.Create)
	}

	return response, err
}

// Update runs `update`, or `create` when there is none. Until it ends well, the outputs are those of the run before.
func (*Command) Update(
	ctx context.Context, request infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	response := infer.UpdateResponse[CommandOutputs]{
		Output: CommandOutputs{CommandInputs: request.Inputs, Output: request.State.Output},
	}

	if request.DryRun {
		return response, nil
	}

	command := request.Inputs.Update
	if command == nil {
		command = request.Inputs.Create
	}

	return response, response.Output.run(ctx, command)
}

// Delete runs `delete` as it was when the resource was last created or updated.
func (*Command) Delete(
	ctx context.Context, request infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	state := request.State

	return infer.DeleteResponse{}, state.run(ctx, state.Delete)
}

func (state *CommandOutputs) run(ctx context.Context, command *string) error {
	if command == nil {
		return nil
	}

	return state.Process.run(ctx, *command, &state.Output)
}

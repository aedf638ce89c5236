package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Run is the function that runs a command each time the program does, in a preview too.
type Run struct{}

// RunInputs are what a program gives.
type RunInputs struct {
	Process
	Command string `pulumi:"command"`
}

// RunOutputs are the inputs and what the command said.
type RunOutputs struct {
	RunInputs
	Output
}

// Invoke runs the command.
func (*Run) Invoke(
	ctx context.Context, request infer.FunctionRequest[RunInputs],
) (infer.FunctionResponse[RunOutputs], error) {
	result := RunOutputs{RunInputs: request.Input}
	err := result.Process.run(ctx, request.Input.Command, &result.Output)

	return infer.FunctionResponse[RunOutputs]{Output: result}, err
}

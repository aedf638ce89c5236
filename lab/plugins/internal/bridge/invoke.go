package bridge

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// Invoke runs a function. Its result holds no secret marks: the bridge takes them off, and the program's SDK puts one on the
// whole result when an argument was secret.
func (server *Server) Invoke(ctx context.Context, request *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	function, found := server.options.Functions[request.GetTok()]
	if !found {
		return nil, fmt.Errorf("[pf/tfbridge] unknown datasource token: %s", request.GetTok())
	}

	given, err := read("args", request.GetArgs())
	if err != nil {
		return nil, err
	}

	schema := function.Arguments()
	arguments := schema.pick(given)

	diagnostics := append(function.Validate(arguments), schema.validate(arguments, nil)...)

	if response, err := server.refuse(ctx, schema, diagnostics); response != nil || err != nil {
		return response, err
	}

	result, diagnostics := function.Read(ctx, arguments)
	if response, err := server.refuse(ctx, schema, diagnostics); response != nil || err != nil {
		return response, err
	}

	properties, err := server.write("result", result)

	return &pulumirpc.InvokeResponse{Return: properties}, err
}

// refuse answers with failures of single arguments, or with the error.
func (server *Server) refuse(ctx context.Context, schema Schema, diagnostics Diagnostics) (*pulumirpc.InvokeResponse, error) {
	var (
		failures []*pulumirpc.CheckFailure
		others   Diagnostics
	)

	for _, diagnostic := range diagnostics {
		if len(diagnostic.Path) == 0 {
			others = append(others, diagnostic)

			continue
		}

		failures = append(failures, &pulumirpc.CheckFailure{
			Property: schema.pulumiPath(diagnostic.Path),
			Reason:   diagnostic.Summary + ": " + diagnostic.Detail,
		})
	}

	server.report(ctx, "", others)

	if err := others.Err(); err != nil {
		return nil, err
	}

	if len(failures) > 0 {
		return &pulumirpc.InvokeResponse{Failures: failures, Return: &structpb.Struct{}}, nil
	}

	return nil, nil
}

package bridge

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func testSchema() Schema {
	return WithID(true, Schema{
		"given":   {Terraform: "given", Required: true},
		"filled":  {Terraform: "filled", Optional: true, Computed: true, Default: DefaultTo("auto")},
		"made":    {Terraform: "made", Computed: true},
		"kept":    {Terraform: "kept", Computed: true, Keep: true, Sensitive: true},
		"passing": {Terraform: "passing", Optional: true, WriteOnly: true},
		"inner": {Terraform: "inner", Optional: true, Kind: Object, Attributes: Schema{
			"flag":  {Terraform: "flag", Kind: Bool, Optional: true, Computed: true, Default: DefaultTo(true)},
			"plain": {Terraform: "plain", Optional: true},
		}},
	})
}

func text(value string) resource.PropertyValue { return resource.NewStringProperty(value) }

func TestPlan(t *testing.T) {
	prior := resource.PropertyMap{
		"id": text("1"), "given": text("a"), "filled": text("auto"), "made": text("m"), "kept": text("k"),
	}

	for _, test := range []struct {
		name          string
		config, prior resource.PropertyMap
		planned       resource.PropertyMap
	}{
		{
			"create", resource.PropertyMap{"given": text("a")}, nil,
			resource.PropertyMap{"id": Unknown(), "given": text("a"), "filled": text("auto"), "made": Unknown(), "kept": Unknown()},
		},
		{"no change", resource.PropertyMap{"given": text("a")}, prior, prior},
		{
			// Any change makes what the provider computes unknown, but for what it keeps.
			"change", resource.PropertyMap{"given": text("b")}, prior,
			resource.PropertyMap{"id": text("1"), "given": text("b"), "filled": text("auto"), "made": Unknown(), "kept": text("k")},
		},
		{
			"unknown input", resource.PropertyMap{"given": Unknown()}, prior,
			resource.PropertyMap{"id": text("1"), "given": Unknown(), "filled": text("auto"), "made": Unknown(), "kept": text("k")},
		},
		{
			"nested default", resource.PropertyMap{
				"given": text("a"), "inner": resource.NewObjectProperty(resource.PropertyMap{"plain": text("p")}),
			}, nil,
			resource.PropertyMap{
				"id": Unknown(), "given": text("a"), "filled": text("auto"), "made": Unknown(), "kept": Unknown(),
				"inner": resource.NewObjectProperty(resource.PropertyMap{
					"plain": text("p"), "flag": resource.NewBoolProperty(true),
				}),
			},
		},
		{
			"write-only never becomes state", resource.PropertyMap{"given": text("a"), "passing": text("p"), "stray": text("s")}, prior,
			prior,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := testSchema().newPlan(test.config, test.prior)
			if !plan.Planned.DeepEquals(test.planned) {
				t.Errorf("planned %v, want %v", plan.Planned, test.planned)
			}
		})
	}
}

func TestSecretsAreMarkedWhereTheSchemaSays(t *testing.T) {
	values := resource.PropertyMap{"kept": Unknown(), "made": text("m")}

	// An unknown input is a secret already; an unknown output is not one yet.
	if marked := testSchema().markInputs(values); !marked["kept"].IsSecret() || marked["made"].IsSecret() {
		t.Errorf("inputs %v", marked)
	}

	if marked := testSchema().markSecrets(values); marked["kept"].IsSecret() {
		t.Errorf("outputs %v", marked)
	}

	if marked := testSchema().markSecrets(resource.PropertyMap{"kept": text("k")}); !marked["kept"].IsSecret() {
		t.Errorf("outputs %v", marked)
	}
}

func TestErrorTexts(t *testing.T) {
	diagnostics := Errorf("Summary", "detail")

	if got := diagnostics.Err().Error(); got != "Summary: detail" {
		t.Errorf("error %q", got)
	}

	if got := diagnostics.planErr().Error(); got != "1 error occurred:\n\t* : Summary - detail\n\n" {
		t.Errorf("plan error %q", got)
	}

	if got := diagnostics[0].logText(); got != "[ERROR] detail: Summary" {
		t.Errorf("log %q", got)
	}

	if got := Errorf("same", "same").Err().Error(); got != "same" {
		t.Errorf("error %q", got)
	}
}

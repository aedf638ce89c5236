// Package bridge serves resources and functions to the Pulumi engine the way the Terraform plugin-framework bridge does.
//
// The real Talos plugin is a Terraform provider behind that bridge, so much of what a program sees of it is not Talos at all:
// what a plan leaves unknown, which properties a diff names, where a secret is marked, how an error reads. Those rules live
// here; what a Talos resource does lives in package talos.
package bridge

//go:build !race

package service_test

const propertySequences = 400

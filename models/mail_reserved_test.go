package models_test

import (
	"testing"

	"rotunda/models"
)

func TestReservedAddress_examplesAndTestsOnly(t *testing.T) {
	for email, want := range map[string]bool{
		"a@wisc.example": true, "a@example": true, "a@mail.example.org": true, "A@EXAMPLE.COM": true, "a@example.net.": true, "a@x.test": true,
		"a@x.invalid": true, "root@localhost": true, "\"odd@name\"@x.example": true,
		"a@example.edu": false, "a@myexample.com": false, "a@example.com.au": false, "a@test.gov": false, "a@contest": false, "": false,
	} {
		if got := models.ReservedAddress(email); got != want {
			t.Errorf("%q: %v", email, got)
		}
	}
}

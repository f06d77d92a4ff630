package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestThirdParty_listsEveryModuleThatIsImported(t *testing.T) {
	list, err := os.ReadFile("../../THIRD_PARTY.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-deps", "-test", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	if len(modules) == 0 {
		t.Fatal("go list named no module: the test looks at nothing")
	}
	missing := map[string]bool{}
	for _, m := range modules {
		if !strings.Contains(string(list), "\n| "+m+" |") && !missing[m] {
			missing[m] = true
			t.Errorf("%s is not in THIRD_PARTY.md: run make generate", m)
		}
	}
}

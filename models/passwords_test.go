package models

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckPassword_refusesWhatIsTriedFirst(t *testing.T) {
	about := []string{"Wisconsin Institute", "Noor Castellan", "n.castellan@wisc.example"}
	for _, p := range []string{
		"password1234", "Password2026!!", "P@ssw0rd12345", "passwordpassword", "iloveyou12345", "letmeinplease",
		"correct horse battery staple", "CorrectHorseBatteryStaple", "qwertyuiop123", "1q2w3e4r5t6y", "123456789012",
		"abcdefghijklmn", "aaaaaaaaaaaaaa", "abcabcabcabcabc", "Sunshine2025!!!", "to be or not to be",
		"Wisconsin2026!", "institute12345", "castellan1234!", "noorcastellan1", "WisconsinInstitute", "monkeydragon12",
		"welcome-to-rotunda", "zxcvbnm,./123", "!QAZ2wsx3edc",
	} {
		var bad *InvalidError
		if err := CheckPassword(p, about...); !errors.As(err, &bad) || bad.Fields["password"] == "" {
			t.Errorf("%q is taken", p)
		}
	}
}

func TestCheckPassword_takesAFewUnrelatedWordsAndRandomOnes(t *testing.T) {
	about := []string{"Wisconsin Institute", "Noor Castellan", "n.castellan@wisc.example"}
	for _, p := range []string{
		"plum gravel ticket oboe", "Kx7#mQ2vTz9p", "eleven herons over Duluth", "8392 0175 4462 9981", "日本語のパスワードは長い文",
		"vergebliche Liebesmüh 1598", "trampoline-ledger-fog", "x8fJ-22pq-Lm0z",
	} {
		if err := CheckPassword(p, about...); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestCheckPassword_countsCharactersNotBytes(t *testing.T) {
	if err := CheckPassword("çéàüöşğıřžč"); err == nil { // 11 characters, 22 bytes
		t.Error("11 characters are taken")
	}
	long := strings.Repeat("plum gravel ", 16) + "ticketed"
	if err := CheckPassword(long + "!"); err == nil {
		t.Error("201 characters are taken")
	}
	if err := CheckPassword("vk3 " + long[4:]); err != nil {
		t.Errorf("200 characters: %v", err)
	}
}

func TestPasswordText_isTheSameComposedAndDecomposed(t *testing.T) {
	if PasswordText("caf\u00e9") != PasswordText("cafe\u0301") {
		t.Error("one word, two passwords")
	}
}

func TestCheckPassword_randomOnesAreTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`[b-df-hj-np-tv-z][A-Z][2-9]{2}[b-df-hj-np-tv-z]{3}[#%&=+][A-Z]{3}[2-9][b-df-hj-np-tv-z]{3}`).Draw(t, "password")
		if distinct(passwordFold(p)) >= 8 && !allRuns(passwordFold(p)) {
			if err := CheckPassword(p); err != nil {
				t.Fatalf("%q: %v", p, err)
			}
		}
	})
}

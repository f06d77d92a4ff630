# Reads `go test -json` and prints what a person wants to see: a line per package, the whole output of what
# failed, and every test that was skipped, with its reason. The counts go into the file named by `counts`.
# A test and each of its subtests count as one; so does a package that fails outside its tests.

# The value of one string field of the line, unescaped. Go writes the fields in one order and the output last.
function field(name,    at, rest, out, c, n) {
	at = index($0, "\"" name "\":\"")
	if (at == 0) return ""
	rest = substr($0, at + length(name) + 4)
	if (match(rest, /^[^"\\]*"/)) return substr(rest, 1, RLENGTH - 1)
	out = ""
	while (match(rest, /^[^"\\]*\\./)) {
		out = out substr(rest, 1, RLENGTH - 2)
		c = substr(rest, RLENGTH, 1)
		rest = substr(rest, RLENGTH + 1)
		if (c == "n") out = out "\n"
		else if (c == "t") out = out "\t"
		else if (c == "u") {
			n = substr(rest, 1, 4)
			rest = substr(rest, 5)
			out = out ((n in letter) ? letter[n] : "?")
		} else if (c != "r") out = out c
	}
	match(rest, /^[^"\\]*/)
	return out substr(rest, 1, RLENGTH)
}

# What a test printed, which is forgotten with that. The lines wait one by one: a text that grows by each of a
# million lines is copied as often.
function said(key,    i, out) {
	out = ""
	for (i = 0; i < lines[key]; i++) out = out held[key, i]
	forget(key)
	return out
}

function forget(key,    i) {
	for (i = 0; i < lines[key]; i++) delete held[key, i]
	delete lines[key]
}

BEGIN {
	letter["003c"] = "<"; letter["003e"] = ">"; letter["0026"] = "&"; letter["001b"] = ""
	passed = failed = skipped = 0
}

# A line that is not JSON comes from go itself, before any test ran.
!/^\{/ { print; fflush(); next }

{
	action = field("Action"); pkg = field("Package"); test = field("Test"); key = pkg SUBSEP test
}

action == "build-output" { printf "%s", field("Output"); next }
action == "output" { held[key, lines[key]++] = field("Output"); next }
action != "pass" && action != "fail" && action != "skip" { next }

test != "" {
	if (action == "pass") { passed++; forget(key) }
	else if (action == "fail") {
		failed++; broken[pkg]++
		print "FAILED " pkg " " test
		printf "%s", said(key)
	} else {
		skipped++
		why = said(key)
		sub(/^=== RUN[^\n]*\n/, "", why); sub(/\n?--- SKIP[^\n]*\n?$/, "", why)
		gsub(/\n *--- SKIP[^\n]*/, "", why); gsub(/\n/, " ", why); gsub(/  +/, " ", why)
		print "skipped " pkg " " test ": " why
	}
	fflush()
	next
}

{
	text = said(key)
	if (action == "fail") {
		if (!broken[pkg]) failed++
		printf "%s", text
		print "FAILED " pkg
	} else if (match(text, /ok  \t[^\n]*/)) print substr(text, RSTART, RLENGTH)
	fflush()
}

END { print passed, failed, skipped >> counts }

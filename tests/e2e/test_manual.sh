# Whatever option a command has is in its manual page, and the shells complete it; so are commands, words
# that options take, files, and the arguments of programs that are run.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
export LC_ALL=C.UTF-8
export ARGP_HELP_FMT=rmargin=4000 # one line for each option

pages=$CT_SOURCE/docs/man
sed -n 's/^COMMAND(\(.*\))$/\1/p' "$CT_SOURCE/analyzer/cli/commands.def" >commands
[ "$(wc -l <commands)" -ge 14 ] || fail "commands.def has only: $(cat commands)"

# section COMMAND: what the manual says of its options
section() {
	case $1 in
	grade | merge)
		sed -n "/^# OPTIONS OF ${1^^}\$/,/^# [^O]/p" "$pages/conctrace-grade.1.scd" |
			sed "1b;/^# /,\$d"
		;;
	*) sed -n "/^## $1\$/,/^#/p" "$pages/conctrace.1.scd" ;;
	esac
}
# options_of COMMAND: "--name" or "--name=", one a line
options_of() {
	"$CT_BIN" help "$1" | sed -nE 's/^ +(-., )?(--[a-z0-9-]+)(=|\[=| |$).*/\2\3/p' | tr -d '[ '
}

: >lines.wanted
while read -r command; do
	section "$command" >page
	[ -s page ] || fail "no section on $command"
	! grep -q 'The options of \*report\*' page || section report >>page
	options_of "$command" >options
	[ "$(wc -l <options)" -ge 3 ] || fail "the help of $command has only: $(cat options)"
	while IFS='=' read -r option _; do
		printf 'conctrace %s --\t%s\n' "$command" "$option" >>lines.wanted
		case $option in
		--help | --usage | --version) ;;
		*) grep -qE "^(\*-.\*, )?(\*--[a-z]+\*[^,]*, )?\*$option\*" page || fail "$command $option is not in its page" ;;
		esac
	done <options
	# and nothing that is gone; an option may be mentioned by others' words
	grep -oE '^(\*-.\*, )?\*--[a-z0-9-]+\*' page | grep -oE -- '--[a-z0-9-]+' | while read -r option; do
		grep -qE "^$option=?\$" options || fail "the page has $option, which $command does not"
	done
	printf 'conctrace \t%s\nconctrace help \t%s\n' "$command" "$command" >>lines.wanted
	# words that an option takes: said when it is given another
	for option in $(grep = options); do
		case $option in --output=) continue ;; esac
		"$CT_BIN" "$command" "$option?" 2>&1 | sed -nE 's/.* takes ([a-z, ]+ or [a-z]+), not .*/\1/p' |
			sed 's/,\| or / /g' >words
		for word in $(cat words); do
			grep -qF "*$word*" page || fail "$command $option$word is not in its page"
			printf 'conctrace %s %s \t%s\nconctrace %s %s\t%s\n' "$command" "${option%=}" "$word" \
				"$command" "$option" "$word" >>lines.wanted
		done
	done
done <commands
for some in 'run --on-hang \tgdb' 'report --color=\talways' 'confirm --fail-on \tconfirmed' 'grade --sandbox=\tbwrap'; do
	grep -qxF "conctrace $(printf '%b' "$some")" lines.wanted || fail "the program does not say that there is $some"
done

# what a student types
mkdir traces.d
touch trail.txt traveller
chmod +x traveller
printf 'conctrace %b\n' >>lines.wanted '\t--version' 'graph \tlock-order' 'graph \twait-for' \
	'graph lock-order tra\ttrail.txt' 'report tra\ttraces.d' 'run -o tra\ttraces.d' 'run --output=tra\ttraces.d' \
	'run --text tra\ttrail.txt' 'run ./tra\ttraveller' 'run -q --timeout 3 -- ./tra\ttraveller' \
	'run -q --timeout 3 mill \tgrind' 'run --timeout=3 -- mill \tsift' 'cc mill \tgrind' \
	'grade trail.txt tra\ttraces.d' 'merge traces.d tra\ttraces.d' "watch $$\t$$" 'watch tra\ttraces.d' \
	'timing --compare traces.d tra\ttraces.d' 'doctor gre\tgrep'
sed -i '/^conctrace \t--version$/d' lines.wanted # offered behind a dash only
printf 'conctrace %b\n' >lines.unwanted 'run -o tra\ttrail.txt' 'run mill --\t--timeout' 'report tra\ttraveller.c' \
	'grade trail.txt tra\ttrail.txt' 'run --timeout tra\ttrail.txt' 'confirm traces.d tra\ttrail.txt' \
	'graph lock-order \twait-for' 'report --\t--timeout' 'run --color \tgdb'

# check SHELL: what it offered, in the file `offers`
check() {
	# a name can have the path or the option before it, and "=" or "/" behind
	sed -E 's|\t(--[a-z0-9-]+=)?(\./)?([^=/]+)[=/]?$|\t\3|' offers | sort -u >offered
	sort -u lines.wanted >wanted
	comm -23 wanted offered >missing
	[ ! -s missing ] || fail "$1 does not offer: $(head -5 missing)"
	sort -u lines.unwanted | comm -12 - offered >wrong
	[ ! -s wrong ] || fail "$1 offers: $(cat wrong)"
	checked="${checked:-}$1 "
}

cmake --install "$CT_BUILD" --prefix "$work/usr" >installed
cat lines.wanted lines.unwanted | cut -f1 | sort -u >lines
if [ -f /usr/share/bash-completion/bash_completion ]; then
	timeout 60 bash "$CT_SOURCE/tests/e2e/complete.bash" usr/share/bash-completion/completions/conctrace \
		<lines >offers 2>err || fail "bash: $(head err)"
	[ ! -s err ] || fail "bash says $(head err)"
	check bash
fi
if command -v zsh >/dev/null; then
	timeout 60 zsh -f "$CT_SOURCE/tests/e2e/complete.zsh" "$work/usr/share/zsh/vendor-completions" \
		<lines >offers 2>err || fail "zsh: $(head err)"
	check zsh
fi
if command -v fish >/dev/null; then
	HOME=$work timeout 60 fish --no-config "$CT_SOURCE/tests/e2e/complete.fish" \
		usr/share/fish/vendor_completions.d/conctrace.fish <lines >offers 2>err || fail "fish: $(head err)"
	[ ! -s err ] || fail "fish says $(head err)"
	check fish
fi

# Pages are made without a warning, by scdoc and by what shows them.
if command -v scdoc >/dev/null && command -v groff >/dev/null; then
	for page in "$pages"/*.scd; do
		name=$(basename "$page" .scd)
		manual=usr/share/man/man${name##*.}/$name
		[ -f "$manual" ] || fail "no $manual"
		groff -ww -t -man -Tutf8 "$manual" >out 2>err || fail "groff: $name"
		[ ! -s err ] || fail "$name: $(head -3 err)"
		has out "${name%.*}"
	done
fi
# the three shells are in scripts/install-deps.sh
[ "${checked:-}" = 'bash zsh fish ' ] || { echo "only these shells are here: ${checked:-none}"; exit 77; }

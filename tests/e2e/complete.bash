# complete.bash FILE: what bash, with FILE, offers for each line of standard input: "LINE<tab>WORD".
. /usr/share/bash-completion/bash_completion
. "$1"
complete -W 'grind sift' mill

while IFS= read -r line; do
	# as readline parts it
	read -ra COMP_WORDS <<<"${line//=/ = }"
	[[ $line != *' ' ]] || COMP_WORDS+=("")
	[[ $line != *= ]] || COMP_WORDS[${#COMP_WORDS[@]} - 1]='='
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMP_LINE=$line
	COMP_POINT=${#line}
	COMPREPLY=()
	_conctrace conctrace "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	[ ${#COMPREPLY[@]} = 0 ] || printf "$line\t%s\n" "${COMPREPLY[@]}"
done 2> >(grep -v 'compopt: not currently executing' >&2)

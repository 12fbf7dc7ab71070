# complete.zsh FOLDER: what zsh, with the functions in FOLDER, offers for each line of standard input:
# "LINE<tab>WORD". A zsh at a terminal of its own is told the lines and to complete them.
zmodload zsh/zpty
offers=$PWD/zsh.offers
cat >zsh.setup <<SETUP
fpath=($1 \$fpath)
autoload -U compinit
compinit -u -D
compdef _conctrace conctrace
_mill() { compadd grind sift }
compdef _mill mill
PS1= LISTMAX=10000
# Whatever is offered comes through compadd. Calls that only sift words offer nothing.
compadd() {
	local -a found
	if (( ! \${@[(I)-[OAD]]} )); then
		builtin compadd -O found "\$@"
		print -rl -- \$found >>$offers
	fi
	builtin compadd "\$@"
}
finish() { print END >>$offers }
complete-all() {
	comppostfuncs=(finish)
	_main_complete
	compstate[insert]= compstate[list]=
}
zle -C complete-all complete-word complete-all
bindkey '^I' complete-all
bindkey '^U' kill-whole-line
: >$offers.ready
SETUP

# wait_for COMMAND...: until it is true; at most ten seconds
wait_for() {
	repeat 500; do
		zpty -rt inner && continue
		"$@" && return 0
		sleep 0.02
	done
	print -u2 "no answer: $*"
	exit 1
} >/dev/null

zpty inner zsh -f -i
zpty -w inner "source $PWD/zsh.setup"
wait_for test -e $offers.ready
while IFS= read -r line; do
	: >$offers
	zpty -w -n inner "$line"$'\t'
	wait_for grep -qx END $offers
	zpty -w -n inner $'\C-u'
	while IFS= read -r word; do
		[[ -z $word || $word = END ]] || print -r -- "$line"$'\t'"$word"
	done <$offers
done
zpty -d inner

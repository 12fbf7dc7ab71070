# complete.fish FILE: what fish, with FILE, offers for each line of standard input: "LINE<tab>WORD".
source $argv[1]
complete -c mill -x -a 'grind sift'

while read line
    for offer in (complete -C "$line")
        printf '%s\t%s\n' "$line" (string split -f 1 \t -- $offer)
    end
end

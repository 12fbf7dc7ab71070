# For tests that grade: sourced after lib.sh. As root each job runs as a user of its own, who has to
# reach conctrace: of a build in a folder that is closed to others a copy is installed.

is_open() {
	folder=$(dirname "$1")
	while [ "$folder" != / ]; do
		case $(stat -c %A "$folder") in
		*[xt]) ;;
		*) return 1 ;;
		esac
		folder=$(dirname "$folder")
	done
}

if [ "$(id -u)" -eq 0 ] && ! is_open "$CT_BIN"; then
	chmod 711 .
	cmake --install "$CT_BUILD" --prefix "$PWD/installed" >installed.log || fail "$(cat installed.log)"
	CT_BIN=$PWD/installed/bin/conctrace
	CT_LIB=$(find "$PWD/installed" -name libconctrace.so)
	export CT_BIN CT_LIB
fi

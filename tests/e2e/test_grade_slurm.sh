# A class in shards by Slurm, as docs/grading.md has it: the table is that of one go, also where a task
# was cancelled on its way. tests/grade/slurm.sh makes the cluster and calls this script again.
set -eu
if [ -z "${SLURM_CONF:-}" ]; then
	folder=$(mktemp -d "${TMPDIR:-/tmp}/ct-e2e.XXXXXX")
	trap 'rm -rf "$folder"' EXIT
	chmod 755 "$folder"
	status=0
	bash "$CT_SOURCE/tests/grade/slurm.sh" "$folder" bash "$0" || status=$?
	exit "$status"
fi
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"
. "$CT_SOURCE/tests/e2e/shards.sh"

# until_true WHAT COMMAND...
until_true() {
	what=$1
	shift
	for _ in $(seq 400); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	fail "not so in 40 s: $what: $(squeue; cat ./*.log)"
}

no_jobs() {
	[ -z "$(squeue --noheader)" ]
}

make_class
recipe 'job array' >grade.sh
recipe submit >submit.sh
expect 0 timeout 30 sh -e submit.sh
until_true 'all jobs have ended' no_jobs
cat ./*.log >log
[ -e grades.csv ] || fail "no table: $(cat log)"
same_table

# A task is cancelled on its way: all of its processes are told to end at once, those of the
# submissions, too. That is not taken for what the submissions did.
sed -i 's/^runs = .*/runs = 50/' rubric.ini
rm -r grades.2
job=$(sbatch --parsable --array=2 grade.sh)
until_true 'it has begun' test -e grades.2/condition.c/runs/12
scancel "$job"
until_true 'the job has ended' no_jobs
has grades.2.log 'conctrace: interrupted: the same command goes on from here'
[ ! -e grades.2/condition.c/result.json ] || fail "$(cat grades.2/condition.c/result.json)"

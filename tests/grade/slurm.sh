#!/bin/bash
# slurm.sh FOLDER COMMAND...: runs COMMAND where there is a Slurm cluster, and ends with its status.
# The cluster is one node, this machine, on the loopback interface; its files are in FOLDER. All of
# it belongs to who calls. It is gone at the end, however that comes about: each daemon is ended by
# its number, and by the kernel where this script is killed. 77: Slurm is not here or does not work.
set -eu
PATH=$PATH:/usr/sbin:/sbin
folder=$1
shift

skip() {
	echo "slurm: $*"
	exit 77
}

for tool in munged munge slurmctld slurmd sbatch scontrol squeue scancel setpriv; do
	command -v "$tool" >/dev/null || skip "no $tool"
done
user=$(id -un 2>/dev/null) || skip "user $(id -u) has no name"

daemons=()
command=
stop() {
	trap - EXIT
	[ -z "$command" ] || kill "$command" 2>/dev/null || true
	if [ "${#daemons[@]}" = 3 ]; then
		timeout 10 scancel --full --signal=KILL --user="$user" || true
		wait_until 10 no_jobs || true
	fi
	for pid in "${daemons[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in "${daemons[@]}"; do
		wait_until 5 ended "$pid" || kill -KILL "$pid" 2>/dev/null || true
	done
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# start NAME COMMAND...: a daemon, in the foreground as it sees it
start() {
	name=$1
	shift
	setpriv --pdeathsig KILL "$@" </dev/null >"$folder/$name.out" 2>&1 &
	daemons+=($!)
}

# wait_until SECONDS COMMAND...: false if it is not true by then
wait_until() {
	end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

no_jobs() {
	[ -z "$(squeue --noheader)" ]
}

munge_answers() {
	munge --socket="$folder/munge.socket" --no-input
}

node_is_idle() {
	scontrol show node "$host" | grep -q 'State=IDLE '
}

mkdir -p "$folder/state" "$folder/spool"
mkdir -m 700 "$folder/munge"
folder=$(realpath "$folder")
host=$(hostname -s)
(umask 377 && head -c 128 /dev/urandom >"$folder/munge/key")
# Two ports that are free now.
read -r control_port node_port <<<"$("${CT_PYTHON:-python3}" -c 'import socket
ports = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(port.getsockname()[1] for port in ports))')"
# More processors than there may be: so many jobs at once.
cat >"$folder/slurm.conf" <<CONF
ClusterName=conctrace
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$control_port
SlurmdPort=$node_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CryptoType=crypto/munge
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
KillWait=5
MinJobAge=30
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=6 State=UNKNOWN
PartitionName=class Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm.conf

start munged munged --foreground --force --key-file="$folder/munge/key" \
	--socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
	--seed-file="$folder/munge/seed" --log-file="$folder/munge/log"
wait_until 20 munge_answers || skip "munged does not answer: $(tail -3 "$folder/munged.out")"
start slurmctld slurmctld -D -f "$SLURM_CONF"
start slurmd slurmd -D -f "$SLURM_CONF"
wait_until 40 node_is_idle ||
	skip "the node does not come up: $(tail -n 3 "$folder"/slurmctld.log "$folder"/slurmd.log)"
# A signal ends what waits, not what runs in the foreground.
"$@" &
command=$!
status=0
wait "$command" || status=$?
exit "$status"

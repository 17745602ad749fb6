#!/usr/bin/env bash
# A Slurm cluster of one node, this machine, in a folder of its own: cluster.sh start FOLDER, cluster.sh stop FOLDER.
# Debian's packages munge, slurmctld, slurmd and slurm-client; where they are missing and we are root, they are installed.
# Everything listens on the loopback interface, and nothing outside FOLDER is changed.
set -euo pipefail
folder=$(realpath "$2")

start() {
  if ! command -v munged slurmctld slurmd sbatch >/dev/null; then
    echo "Installing munge and Slurm ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client
  fi
  mkdir -p "$folder"/{spool,state,log,bin}
  chmod 755 "$folder"
  dd if=/dev/urandom of="$folder/munge.key" bs=1 count=1024 status=none
  chmod 400 "$folder/munge.key"
  cat > "$folder/slurm.conf" <<CONF
ClusterName=graylit
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=36817
SlurmdPort=36818
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=1,batch_sched_delay=0
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
KillWait=2
MinJobAge=86400
NodeName=$(hostname) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/log/munged.log" --seed-file="$folder/munge.seed"
  # The plugin takes SLURM_CONF away from the srun that it calls inside a job.
  printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$folder/slurm.conf" "$(command -v srun)" > "$folder/bin/srun"
  chmod +x "$folder/bin/srun"
  export SLURM_CONF="$folder/slurm.conf"
  slurmctld -c
  slurmd -c
  for _ in $(seq 60); do
    if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then return; fi
    sleep 0.5
  done
  echo "The node did not come up; its logs are in $folder/log" >&2
  return 1
}

stop() {
  for daemon in slurmd slurmctld munged; do
    if [ -f "$folder/$daemon.pid" ]; then kill "$(cat "$folder/$daemon.pid")" 2>/dev/null || true; fi
  done
}

"$1"

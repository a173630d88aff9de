# The configuration files of the Slurm of slurm.sh, which reads this and says where they lie.
# shellcheck shell=bash disable=SC2154 # what stands in capitals is set there

# Clients of slurmdbd take munge's socket from AccountingStoragePass. config_overrides lets a node
# advertise more CPUs than the machine has. linuxproc and task/none load no cgroup plugin.
write_slurm_conf() {
  cat >"$ETC/slurm.conf" <<CONF
ClusterName=rsp
SlurmctldHost=$HOST(127.0.0.1)
SlurmctldPort=$PORT_CTLD
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=slurm
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$MUNGE_SOCKET
CredType=cred/munge
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=$ETC/jwt_hs256.key
StateSaveLocation=$BASE/state
SlurmdSpoolDir=$BASE/spool-%n
SlurmctldPidFile=$RUN/slurmctld.pid
SlurmdPidFile=$RUN/slurmd-%n.pid
SlurmctldLogFile=$LOG/slurmctld.log
SlurmdLogFile=$LOG/slurmd-%n.log
SlurmctldDebug=info
SlurmdDebug=info
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
GresTypes=gpu
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=256
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=5,batch_sched_delay=0,sched_min_interval=200000
EnforcePartLimits=ALL
PriorityType=priority/multifactor
PriorityWeightAge=1000
PriorityWeightFairshare=10000
PriorityWeightQOS=10000
ReturnToService=2
MailProg=/bin/true
MpiDefault=none
MaxJobCount=500000
MinJobAge=$MIN_JOB_AGE
KillWait=2
InactiveLimit=0
SlurmctldTimeout=60
SlurmdTimeout=60
JobCompType=jobcomp/none
NodeName=DEFAULT CPUs=$CPUS RealMemory=8000 State=UNKNOWN
NodeName=n1 NodeAddr=127.0.0.1 NodeHostname=$HOST Port=$PORT_N1 Gres=gpu:a100:2
NodeName=n2 NodeAddr=127.0.0.1 NodeHostname=$HOST Port=$PORT_N2
PartitionName=debug Nodes=n1 Default=YES MaxTime=30:00 DefaultTime=5:00 PriorityTier=10
PartitionName=batch Nodes=n1,n2 MaxTime=2-0 DefaultTime=1:00:00
CONF
  "write_${PROFILE}_conf" >>"$ETC/slurm.conf"
  [ "$WITHOUT_DBD" = 1 ] || cat >>"$ETC/slurm.conf" <<CONF
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$PORT_DBD
AccountingStoragePass=$MUNGE_SOCKET
AccountingStorageEnforce=associations,limits,qos
CONF
  echo "ConstrainCores=no" >"$ETC/cgroup.conf"
  # Two GPUs that are none: without a device each, slurmd says that the node lacks them.
  printf 'NodeName=n1 Name=gpu Type=a100 File=%s\n' /dev/null /dev/zero >"$ETC/gres.conf"
  echo "$PORTS" >"$ETC/ports"
  echo "$PROFILE $WITHOUT_DBD" >"$ETC/profile"
}

write_ours_conf() {
  echo "MaxArraySize=20001"
  [ "$WITHOUT_DBD" = 1 ] || echo "AccountingStoreFlags=job_comment"
}

write_stock_conf() {
  cat <<CONF
MaxArraySize=1001
PrivateData=jobs
JobSubmitPlugins=lua
CONF
  cat >"$ETC/job_submit.lua" <<'LUA'
function slurm_job_submit(job_desc, part_list, submit_uid)
   job_desc.comment = "put here by the site"
   return slurm.SUCCESS
end

function slurm_job_modify(job_desc, job_rec, part_list, modify_uid)
   return slurm.SUCCESS
end
LUA
}

# slurmdbd of 22.05 listens on all addresses and has no option for it.
write_slurmdbd_conf() {
  cat >"$ETC/slurmdbd.conf" <<CONF
AuthType=auth/munge
AuthInfo=socket=$MUNGE_SOCKET
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=$ETC/jwt_hs256.key
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=$PORT_DBD
SlurmUser=slurm
PidFile=$RUN/slurmdbd.pid
LogFile=$LOG/slurmdbd.log
DebugLevel=info
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$PORT_DB
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
CONF
  chown slurm:slurm "$ETC/slurmdbd.conf"
  chmod 600 "$ETC/slurmdbd.conf"
}

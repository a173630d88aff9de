"""Scripts with ``#SBATCH`` lines: one option each, whole heads, and as people write them."""

from __future__ import annotations

ONE_LINERS = r"""
-J plain
--job-name=long
--job-name separate
-Jjoined
-J "two words"
-J 'single "quotes"'
-J a#b
-J "a#b"
-J a\ b
-J "a\"b"
-J 'a\b'
-J "not closed
-J 'not closed
-J ""
-J
-J a junk
junk
-J a # a note
-J a	-n	2
"-J" x
--job-n=abbreviated
--j=ambiguous
--nonsense
--nonsense=1
-Z
-
--
-HQ -J a
-n4
-n 4
--ntasks=4
-n 0
-n -1
-n x
-n 17 -p batch
-c 2
-c2 -n2
--cpus-per-task=0
--cpus-per-task=two
-N1
-N 2 -p batch
-N 2 -n 2 -p batch
-N 1-2 -p batch
-N 5
-N x
--mem=100
--mem=100M
--mem=1G
--mem=1g
--mem=1024K
--mem=1T
--mem=lots
--mem=1.5G
--mem=-1
--mem 200M
--mem-per-cpu=100M
--mem-per-cpu=100M -c 2
--mem-per-cpu=x
--tmp=x
-t 5
-t 0:30
-t 10:00
-t 0:10:00
-t 0-0:10
-t 0-0
-t 0-1 -p batch
-t 1-2:3:4 -p batch
-t 1:2:3:4
-t abc
-t 1:xx
-t ""
-t 10000 -p batch
-p batch
-p debug
--partition=batch,debug
-p nowhere
-A astro
-A nobody
-q normal
-A astro -q debug
-q gold
-C nowhere
--reservation=none
-b now
-b now+10
-b now+10minutes
-b now+2hours
-b now+1day
-b now+1fortnight
-b 2030-01-31
-b 2030-01-31T10:00
-b 2030-01-31T10:00:30
-b 2030-13-31
-b midnight
-b 16:00
-b tomorrow
-b someday
-D /tmp
--chdir=/tmp
-a 0-3
-a 0-7:2
-a 1,3,5
-a 1-3,7,9-11%2
-a 0-15%4
-a 5-1
-a x
-a 1-
-a 0-99999999
-o out.log
-o %j.out -e %j.err
--open-mode=append
--open-mode=both
--comment=mine
--export=ALL
--export=NONE
--export=A=1,B=2
--export=A=1,PATH
--export HOME
--get-user-env
--mail-type=END
--mail-type=END,FAIL --mail-user=me@example.org
--mail-type=SOMETIMES
--nice
--nice=100
--nice=x
--exclusive
--exclusive=user
--exclusive=nobody
-s
-O
-H
--requeue
--no-requeue
--requeue=1
--ntasks-per-node=2 -N1
--ntasks-per-node=x
--threads-per-core=1
--hint=nomultithread
--hint=nonsense
--contiguous
-w n1
-x n2
-x n1 -p debug
-L none:1
--signal=USR1@60
--signal=B:USR1@60
--signal=NONSENSE@60
--deadline=2030-01-01
--switches=1
--distribution=block
--distribution=nonsense
--gres=none
--gres=gpu:1
--gres=nothing:1
--profile=none
--wckey=w
--wait
-W
-Q
-v
--parsable
--no-kill
-k
--time-min=1
--time-min=x
--spread-job
--use-min-nodes
--priority=10
--prefer=x
--delay-boot=1
--cpu-freq=low
--cores-per-socket=1
--kill-on-invalid-dep=yes
--mem=100M --mem-per-cpu=100M
""".strip("\n").splitlines()

WHOLE = [
    "",
    "echo no first line\n",
    "#SBATCH -n 2\n#!/bin/sh\ntrue\n",
    "#!/bin/sh\r\n#SBATCH -n 2\r\ntrue\r\n",
    "#!/bin/sh\n#SBATCH -n 2\ntrue\n#SBATCH --nonsense\n",
    "#!/bin/sh\n\n# note\n \t\n#SBATCH -n 2\n#SBATCH -n 3\ntrue\n",
    "#!/bin/sh\n  #SBATCH --nonsense\ntrue\n",
    "#!/bin/sh\n##SBATCH --nonsense\n# SBATCH --nonsense\ntrue\n",
    "#!/bin/sh\n#SBATCH-n2\ntrue\n",
    "#!/bin/sh\n#SBATCHx -n2\ntrue\n",
    "#!/bin/sh\n#SLURM -n 2\ntrue\n",
    "#!/bin/sh\n#SBATCH\n#SBATCH -n 2\ntrue\n",
    "#!/usr/bin/env python3\n#SBATCH -n 2\nprint()\n#SBATCH --nonsense\n",
    "#!/bin/sh\n: <<X\n#SBATCH --nonsense\nX\n",
    "#!/bin/sh",
]
WHOLE += [
    # As people write them: heads of programs, templates of sites, leftovers.
    "#!/bin/bash -l\n#SBATCH --job-name=mcmc\n#SBATCH --ntasks=8\n#SBATCH --time=0-01:00\n"
    "#SBATCH --partition=batch\n#SBATCH --output=logs/%x-%j.out\n\nset -euo pipefail\n"
    "module purge\nmodule load gcc openmpi\nsrun ./mcmc config.yaml\n",
    "#!/bin/bash\n# Template of the site, v3\n#SBATCH -p batch\n#SBATCH -n 2   # two ranks\n"
    "#SBATCH -t 30:00 # half an hour\n##SBATCH --mail-user=me@example.org\nmpirun ./a.out\n",
    "#!/bin/bash\n#SBATCH --array=0-15%4\n#SBATCH --mem-per-cpu=200M --cpus-per-task=2\n"
    "#SBATCH -J 'survey tiles'\n#SBATCH -p batch\necho $SLURM_ARRAY_TASK_ID\n",
    "#!/usr/bin/env python3\n#SBATCH --time=5\n#SBATCH --mem=512M\nimport sys\n"
    "#SBATCH --partition=nowhere\nprint(sys.argv)\n",
    "#!/bin/sh\n#SBATCH --gres=gpu:1\n#SBATCH --cpus-per-task=4\n#SBATCH --time=1:00:00\n"
    "#SBATCH --mail-type=BEGIN,END,FAIL\n#SBATCH --mail-user=me@example.org\npython train.py\n",
    "#!/bin/bash\n#SBATCH --nodes=2 --ntasks-per-node=1 --exclusive\n#SBATCH -p batch -t 10\n"
    "#SBATCH --begin=now+1hour --deadline=now+3hours\nsrun hostname\n",
    "#!/bin/csh\n#SBATCH -A astro -q debug -p debug\n#SBATCH -t 1\nsetenv A 1\n",
    "#!/bin/bash\n#SBATCH --partition=batch\n#SBATCH --partition=debug\n#SBATCH -t 1 -t 2\ntrue\n",
    "#!/bin/bash\n#SBATCH -n 0\n#SBATCH -n 4\ntrue\n",
    "#!/bin/bash\n#SBATCH -t abc\n#SBATCH -t 5\ntrue\n",
    "#!/bin/bash\n#SBATCH --job-name=a --dependency=afterok:1 --output=x\n#SBATCH --requeue\n"
    "if true; then\n#SBATCH --nonsense\n  true\nfi\n",
    "#!/bin/sh\n#PBS -l nodes=1\n#$ -cwd\n#SBATCH --time=1\n#SBATCH --export=NONE\ntrue\n",
    "#!/bin/bash\n#SBATCH --constraint=nowhere|elsewhere\n#SBATCH --licenses=none:1\ntrue\n",
    "#!/bin/bash\n\n\n#SBATCH\t--ntasks=2\n#SBATCH  --cpus-per-task  2\n#SBATCH -t2\ntrue\n",
    '#!/bin/bash\n#SBATCH --job-name=""\n#SBATCH --comment="a note"\n#SBATCH -W\ntrue\n',
    "#!/bin/bash\n#SBATCH --ntasks 4 --mem 300M --time 1:30 --chdir /tmp\ncd sub || exit\n",
]
SCRIPTS = [*(f"#!/bin/sh\n#SBATCH {line}\ntrue\n" for line in ONE_LINERS), *WHOLE]

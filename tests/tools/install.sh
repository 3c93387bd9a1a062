#!/bin/sh
# The virtual environment .venv, holding exactly what requirements.lock says. Safe to run again.
set -eu

stop() {
	echo "$1" >&2
	exit 2
}

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
	stop "需要 Python 3.11 或更高版本（可用 make PYTHON=… 指定）。 / Python 3.11 or later is needed; set PYTHON=…"

if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
	package="python$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "安装 $package… / Installing $package…"
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes "$package"; } >/dev/null ||
			stop "无法安装 $package。 / $package could not be installed."
	else
		stop "缺少 venv，请先安装：apt install $package / Python's venv is missing: apt install $package"
	fi
fi

[ -x .venv/bin/pip ] || "$PYTHON" -m venv --clear .venv
echo "安装依赖，首次需要几分钟… / Installing what xinbao needs; the first time takes minutes…"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock

# The command itself: this folder on the path, and a program in .venv/bin.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$site/xinbao.pth"
cat >.venv/bin/xinbao <<'END'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m xinbao "$@"
END
chmod +x .venv/bin/xinbao

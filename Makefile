# 执行分段集约办理平台。只需要 Python ≥ 3.11 和 make：make run 启动演示法院，make test 运行全部测试。
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
WORKERS ?= 2
export PYTHONUNBUFFERED := 1

help: ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或者更新的版本")'
	@echo "建立虚拟环境……"
	@$(PYTHON) -m venv .venv

# 依赖随 setup.cfg 变化；下载中断时不留下标记，下次接着来。
.venv/installed: setup.cfg pyproject.toml | $(BIN)/python
	@echo "安装 Python 包（约 100 MB，一次即可）……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . || { echo "Python 包没有装完，请检查网络后再运行一次 make"; exit 1; }
	@touch $@

.venv/tested: .venv/installed
	@echo "安装测试用的 Python 包……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]' || { echo "测试用的 Python 包没有装完，请再运行一次 make"; exit 1; }
	@touch $@

setup: .venv/installed ## 安装依赖、构建前端
	@$(BIN)/python webui/frontend/build.py

run: setup ## 建立演示法院并启动 http://127.0.0.1:8000
	@FENDUAN_DEMO=1 FENDUAN_PORT=$(PORT) $(BIN)/fenduan demo
	@FENDUAN_DEMO=1 FENDUAN_PORT=$(PORT) $(BIN)/fenduan up

test: .venv/tested setup ## 全部测试
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q

check: .venv/tested setup ## 风格、类型、包之间的依赖
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/tested ## 性能，都是同一次运行内的比值
	@for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

soak: .venv/tested ## 耗时的随机和压力测试
	@$(BIN)/python -m pytest -n $(WORKERS) -q -m soak

screens: .venv/tested setup ## 各页面截图到 screens/
	@$(BIN)/python -m tests.browser.screens

clean: ## 删除安装和构建的内容；演示数据在 data/，不删
	@rm -rf .venv node_modules webui/static/dist *.egg-info build

.PHONY: help setup run test check bench soak screens clean

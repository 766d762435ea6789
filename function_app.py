"""The Azure Functions app. The triggers are in functions/, one file each."""

import azure.functions as func

from functions.findings_page import blueprint as findings_page
from functions.health import blueprint as health
from functions.index_findings import blueprint as index_findings
from functions.on_evaluation_requested import blueprint as on_evaluation_requested
from functions.on_event_queued import blueprint as on_event_queued
from functions.on_feed_schedule import blueprint as on_feed_schedule
from functions.on_schedule import blueprint as on_schedule
from functions.on_sweep_batch import blueprint as on_sweep_batch
from functions.on_vm_written import blueprint as on_vm_written
from functions.role import CHECKER, PAGE, in_role

app = func.FunctionApp()
app.register_functions(in_role(CHECKER, on_vm_written))
app.register_functions(in_role(CHECKER, on_event_queued))
app.register_functions(in_role(CHECKER, on_evaluation_requested))
app.register_functions(in_role(CHECKER, on_schedule))
app.register_functions(in_role(CHECKER, on_sweep_batch))
app.register_functions(in_role(CHECKER, on_feed_schedule))
app.register_functions(in_role(CHECKER, index_findings))
app.register_functions(in_role(PAGE, findings_page))
app.register_functions(health)

"""The Azure Functions app. The triggers are in functions/, one file each."""

import azure.functions as func

from functions.on_evaluation_requested import blueprint as on_evaluation_requested
from functions.on_event_queued import blueprint as on_event_queued
from functions.on_schedule import blueprint as on_schedule
from functions.on_sweep_batch import blueprint as on_sweep_batch
from functions.on_vm_written import blueprint as on_vm_written

app = func.FunctionApp()
app.register_functions(on_vm_written)
app.register_functions(on_event_queued)
app.register_functions(on_evaluation_requested)
app.register_functions(on_schedule)
app.register_functions(on_sweep_batch)

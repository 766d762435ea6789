"""The Azure Functions app. The triggers are in functions/, one file each."""

import azure.functions as func

from functions.on_vm_written import blueprint as on_vm_written

app = func.FunctionApp()
app.register_functions(on_vm_written)

using System.CommandLine;
using SmimeOperator.TenantSimulator;

// Signals are the command's own affair: being stopped is no failure.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
try
{
    return await SimulatorCommand.Configure(new RootCommand(SimulatorCommand.Description)).Parse(args).InvokeAsync(configuration);
}
catch (IOException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}

using SmimeOperator.TenantSimulator;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

SimulatorOptions options;
bool isEmpty;
try
{
    (options, isEmpty) = CommandLine.Parse(args);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{CommandLine.Usage}");
    return 2;
}

await using var host = await SimulatorHost.StartAsync(options);
if (!isEmpty)
{
    SampleTenant.Fill(host.Tenant);
}

Console.WriteLine($"Tenant {host.Tenant.TenantId}");
Console.WriteLine($"Graph:          {host.BaseAddress}beta");
Console.WriteLine($"Administration: {host.BaseAddress}admin/objects");
var stop = new TaskCompletionSource<string>();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.TrySetResult("Ctrl+C");
};
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM,
    signal =>
    {
        signal.Cancel = true;
        stop.TrySetResult("SIGTERM");
    });
Console.WriteLine($"Stopping on {await stop.Task}");
await host.StopAsync();
return 0;

using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SmimeOperator.TenantSimulator;

/// <summary>The simulator's command line, as a program of its own and as a command of another.</summary>
public sealed class SimulatorCommand
{
    /// <summary>The port where nobody names one.</summary>
    public const int DefaultPort = 5080;

    /// <summary>What the command is for.</summary>
    public const string Description = "Run a simulated tenant on loopback, with the users and groups that the samples name.";

    private readonly Option<int> _port = Number("--port", "The loopback port; 0 takes a free one.", DefaultPort, 0, ushort.MaxValue);
    private readonly Option<string?> _state = new("--state") { Description = "Keep the tenant in this file.", HelpName = "FILE" };
    private readonly Option<string> _tenantId = new("--tenant-id") { Description = "The Entra tenant id.", HelpName = "GUID", DefaultValueFactory = _ => new SimulatorOptions().TenantId };
    private readonly Option<int> _pageSize = Number("--page-size", "Objects on one page of a list.", new SimulatorOptions().PageSize, 1, 1000);
    private readonly Option<int> _latency = Number("--latency-ms", "Milliseconds that are added to every answer.", 0, 0, 600_000);
    private readonly Option<int> _visibility = Number("--visibility-ms", "Milliseconds for which a new object stays out of sight.", 0, 0, 600_000);
    private readonly Option<bool> _noLimits = new("--no-limits") { Description = "No throttling; otherwise the published limits hold." };
    private readonly Option<bool> _requireToken = new("--require-token") { Description = "Refuse requests without a bearer token; /TENANT/oauth2/v2.0/token issues them." };
    private readonly Option<string[]> _roles = new("--token-role") { Description = "A permission that issued tokens carry; repeatable. Default: tokens that may do everything.", HelpName = "NAME" };
    private readonly Option<bool> _https = new("--https") { Description = "Serve TLS with a certificate made at the start." };
    private readonly Option<string?> _trust = new("--certificate") { Description = "With --https: write that certificate to this file (PEM), for clients that are to trust it.", HelpName = "FILE" };
    private readonly Option<bool> _empty = new("--empty") { Description = "Begin without the sample users, groups, filter, apps and connector." };

    /// <summary>Gives a command the options and the work.</summary>
    public static T Configure<T>(T command)
        where T : Command
    {
        var simulator = new SimulatorCommand();
        foreach (var option in (Option[])
            [
                simulator._port, simulator._state, simulator._tenantId, simulator._pageSize, simulator._latency, simulator._visibility, simulator._noLimits,
                simulator._requireToken, simulator._roles, simulator._https, simulator._trust, simulator._empty,
            ])
        {
            command.Options.Add(option);
        }

        simulator._tenantId.Validators.Add(result =>
        {
            if (!Guid.TryParseExact(result.GetValueOrDefault<string>(), "D", out _))
            {
                result.AddError("--tenant-id takes a GUID, such as 11111111-2222-3333-4444-555555555555.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(simulator._trust) is not null && !result.GetValue(simulator._https))
            {
                result.AddError("--certificate belongs to --https.");
            }
        });
        command.SetAction(simulator.RunAsync);
        return command;
    }

    private SimulatorOptions Read(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port),
        StatePath = parsed.GetValue(_state),
        TenantId = parsed.GetValue(_tenantId)!,
        PageSize = parsed.GetValue(_pageSize),
        Latency = TimeSpan.FromMilliseconds(parsed.GetValue(_latency)),
        VisibilityDelay = TimeSpan.FromMilliseconds(parsed.GetValue(_visibility)),
        Limits = parsed.GetValue(_noLimits) ? PublishedLimits.Off : new PublishedLimits(),
        RequireToken = parsed.GetValue(_requireToken),
        TokenRoles = parsed.GetValue(_roles) is { Length: > 0 } roles ? roles : null,
        UseHttps = parsed.GetValue(_https),
    };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var cancelled = cancellationToken.Register(() => stopped.TrySetResult());
        await using var host = await SimulatorHost.StartAsync(Read(parsed), cancellationToken);
        if (!parsed.GetValue(_empty))
        {
            SampleTenant.Fill(host.Tenant);
            SampleTenant.AddGivens(host.Tenant);
        }

        if (parsed.GetValue(_trust) is { } file)
        {
            await File.WriteAllTextAsync(file, host.Certificate!.ExportCertificatePem() + "\n", cancellationToken);
        }

        var output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync($"Tenant {host.Tenant.TenantId} on {host.BaseAddress} (Graph: {host.BaseAddress}beta, administration: {host.BaseAddress}admin/objects)");
        await output.FlushAsync(CancellationToken.None);
        await stopped.Task;
        return 0;

        void Stop(PosixSignalContext signal) => signal.Cancel = stopped.TrySetResult();
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most))
            {
                result.AddError($"{name} takes a whole number from {least} to {most}, and '{token.Value}' is none.");
            }
        });
        return option;
    }
}

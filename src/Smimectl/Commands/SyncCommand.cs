using System.CommandLine;
using System.Text.RegularExpressions;

namespace Smimectl;

/// <summary>smimectl sync: a folder of manifests instead of a cluster.</summary>
internal static partial class SyncCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var once = new Option<bool>("--once") { Description = "End when nothing more happens without a person: exit 0 if everything is ready, 1 if not." };
        var watch = new Option<bool>("--watch") { Description = "Go on until stopped: changed manifests and changes in the tenant are dealt with (the default)." };
        var endpoint = new Option<string?>("--tenant-endpoint") { Description = "Overrides spec.endpoint of every Tenant, such as http://127.0.0.1:5080.", HelpName = "URL" };
        var state = new Option<string?>("--state") { Description = "The file that remembers statuses between runs. Default: .run/<DIR>.state.json beside DIR.", HelpName = "FILE" };
        var cluster = new Option<string?>("--cluster-id")
        {
            Description = "Names this folder in the mark on everything that is made; keep it for the folder's life. Default: smimectl-<DIR>.",
            HelpName = "NAME",
        };
        var output = CommonOptions.Output();
        var noColor = CommonOptions.NoColor();
        var exitWhenReady = CommonOptions.ExitWhenReady();
        var timeout = CommonOptions.Timeout();
        cluster.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !ClusterId().IsMatch(name))
            {
                result.AddError("--cluster-id takes up to 63 letters, digits, dots, dashes and underscores.");
            }
        });
        var command = new Command("sync", "Keep a tenant as a folder of manifests says.")
        {
            folder, once, watch, endpoint, state, cluster, output, noColor, exitWhenReady, timeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(once) && (result.GetValue(watch) || result.GetValue(exitWhenReady)))
            {
                result.AddError("--once excludes --watch and --exit-when-ready.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(folder);
            var until = parsed.GetValue(once) ? RunUntil.Settled : parsed.GetValue(exitWhenReady) ? RunUntil.Ready : RunUntil.Stopped;
            using var signals = new StopSignals(cancellationToken);
            await using var sync = FolderSync.Open(new SyncOptions
            {
                Folders = [directory],
                StatePath = parsed.GetValue(state) ?? CommonOptions.StatePath(directory),
                ClusterId = parsed.GetValue(cluster),
                TenantEndpoint = parsed.GetValue(endpoint),
            });
            var view = CommonOptions.View(
                parsed.GetValue(output), parsed.GetValue(noColor), until, parsed.InvocationConfiguration.Output, new ViewNotes());
            var limit = parsed.GetValue(timeout) ?? (until == RunUntil.Stopped ? null : DefaultTimeout);
            return await SyncRunner.RunAsync(sync, view, until, limit, TimeProvider.System, signals.Token);
        });
        return command;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClusterId();
}

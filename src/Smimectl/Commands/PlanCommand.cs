using System.CommandLine;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>How a plan is written.</summary>
internal enum PlanFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For a comment on a pull request.</summary>
    Markdown,

    /// <summary>For programs.</summary>
    Json,
}

/// <summary>smimectl plan: what a folder would do to its tenant.</summary>
internal static class PlanCommand
{
    /// <summary>The exit code of a plan that has changes.</summary>
    public const int HasChanges = 2;

    private static readonly string[] Forgetful =
    [
        "Planned without the memory of a cluster or a state file: ours is what bears our mark, and removed manifests are not noticed (--from-cluster, --state).",
    ];

    private static readonly string[] Unpruned =
    [
        "Resources of the cluster that the folder lacks count as stated elsewhere: removed manifests are noticed with --prune-selector only.",
    ];

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var with = CommonOptions.With();
        var tenant = CommonOptions.TenantName("The Tenant to plan for. Default: all that DIR states.");
        var endpoint = CommonOptions.TenantEndpoint();
        var client = CommonOptions.ClientId();
        var state = CommonOptions.State();
        var cluster = ClusterOptions.ClusterId();
        var context = ClusterOptions.FromCluster();
        var prune = ClusterOptions.PruneSelector();
        var output = new Option<PlanFormat>("--output", "-o") { Description = "text, markdown (for a comment on a pull request) or json.", HelpName = "text|markdown|json" };
        var noColor = CommonOptions.NoColor();
        var timeout = CommonOptions.Timeout("The longest wait for the tenant, such as 30s. Default: 2m.");
        var command = new Command("plan",
            "Show what a folder of manifests would change in its tenant. Reads the tenant, and changes nothing: read permissions are enough. "
            + "Ends with 0 if there is nothing to change, 2 if there is, 1 if something cannot be planned.")
        {
            folder, with, tenant, endpoint, client, state, cluster, context, prune, output, noColor, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(folder);
            string[] folders = [directory, .. parsed.GetValue(with)!];
            using var signals = new StopSignals(cancellationToken);
            var memory = parsed.GetValue(context) ? await ClusterReader.ReadAsync(folders, parsed.GetValue(prune), parsed.GetValue(cluster), signals.Token) : null;
            var options = new SyncOptions
            {
                Folders = folders,
                StatePath = parsed.GetValue(state) ?? CommonOptions.StatePath(directory),
                ClusterId = parsed.GetValue(cluster),
                Cluster = memory,
                Scope = parsed.GetValue(tenant) is { } name ? Scope(name, new TenantChoice(directory, name, null) { With = parsed.GetValue(with)! }, memory) : null,
                TenantEndpoint = parsed.GetValue(endpoint),
                ClientId = parsed.GetValue(client),
            };
            var notes = memory is null
                ? File.Exists(options.StatePath) ? [] : Forgetful
                : parsed.GetValue(prune) is null ? Unpruned : [];
            var report = await PlanRunner.RunAsync(options, notes, parsed.GetValue(timeout) ?? DefaultTimeout, signals.Token);
            if (report is { Resources.Count: 0, Problems.Count: 0 })
            {
                throw TenantChoiceException.NothingStated(directory);
            }

            Writer(parsed.GetValue(output), parsed.GetValue(noColor), parsed.InvocationConfiguration.Output).Write(report, parsed.InvocationConfiguration.Output);
            return report.IsFaulty ? 1 : report.IsEmpty ? 0 : HasChanges;
        });
        return command;
    }

    // A Tenant that the cluster holds may well be stated in somebody else's repository.
    private static TenantScope Scope(string name, TenantChoice choice, ClusterMemory? memory)
    {
        var folder = TenantFolder.Read(choice, TimeProvider.System);
        var others = memory?.Saved.Records.Select(r => r.Entity).OfType<Tenant>() ?? [];
        var chosen = folder.Choose(name, [.. folder.Tenants.Concat(others).DistinctBy(TenantFolder.NameOf)]).Metadata;
        return new TenantScope(new ResourceName(chosen.NamespaceProperty, chosen.Name));
    }

    private static IPlanWriter Writer(PlanFormat format, bool noColor, TextWriter output) => format switch
    {
        PlanFormat.Json => new PlanJson(),
        PlanFormat.Markdown => new PlanMarkdown(),
        _ => new PlanText(CommonOptions.IsColourful(noColor, output)),
    };
}

using System.CommandLine;
using System.Text.Json;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>smimectl doctor: what is wrong, and what to do about it.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var folder = new Argument<string?>("DIR") { Description = "The folder with the manifests; without it only the network, and with --cluster the cluster, is looked at.", Arity = ArgumentArity.ZeroOrOne }.ThatExists();
        var with = CommonOptions.With();
        var tenant = CommonOptions.TenantName();
        var endpoint = CommonOptions.TenantEndpoint();
        var cluster = new Option<bool>("--cluster") { Description = "Look at the cluster of kubectl's current context too." };
        var output = ReportOptions.Output();
        var noColor = CommonOptions.NoColor();
        var timeout = CommonOptions.Timeout("The longest wait for each check, such as 5s. Default: 20s.");
        var command = new Command("doctor",
            "Look for what keeps a tenant from being reached, read or changed, and say how to mend it. Changes nothing. "
            + "Ends with 0 if there is no problem, 1 if there is; warnings do not count.")
        {
            folder, with, tenant, endpoint, cluster, output, noColor, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var report = await DiagnoseAsync(
                parsed.GetValue(folder) is { } path ? new TenantChoice(path, parsed.GetValue(tenant), parsed.GetValue(endpoint)) { With = parsed.GetValue(with)! } : null,
                parsed.GetValue(cluster), parsed.GetValue(timeout) ?? DefaultTimeout, TimeProvider.System, signals.Token);
            var console = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(output) == ReportFormat.Json)
            {
                await console.WriteLineAsync(JsonSerializer.Serialize(report, ReportJson.Readable.DoctorReport));
            }
            else
            {
                report.Write(new Ink(CommonOptions.IsColourful(parsed.GetValue(noColor), console)), console);
            }

            return report.Healthy ? 0 : 1;
        });
        return command;
    }

    /// <summary>Makes every check that applies.</summary>
    /// <param name="choice">The folder, and which of its Tenants; null where there is no folder.</param>
    /// <param name="cluster">Whether the cluster is looked at.</param>
    /// <param name="limit">How long each check may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends all of it.</param>
    internal static async Task<DoctorReport> DiagnoseAsync(TenantChoice? choice, bool cluster, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        var probes = new List<TenantProbe>();
        try
        {
            var folder = choice is null ? null : TenantFolder.Read(choice, time);
            if (folder is not null)
            {
                checks.Add(new Check("manifests", _ => Task.FromResult(FolderChecks.Look(folder))));
                var tenants = choice!.Name is null ? folder.Tenants : [folder.Choose(choice.Name)];
                foreach (var resource in tenants)
                {
                    probes.Add(new TenantProbe(folder, resource, limit, time, cancellationToken));
                    checks.AddRange(TenantChecks.Of(probes[^1], tenants.Count == 1 ? "" : $" {TenantFolder.NameOf(resource)}", time));
                }
            }

            checks.AddRange(Addresses(probes).Select(a => NetworkChecks.Of(a.What, a.Address, time)));
            if (cluster)
            {
                checks.AddRange(ClusterChecks.All(time));
            }

            return await Doctor.RunAsync(checks, limit, time, cancellationToken);
        }
        finally
        {
            foreach (var probe in probes)
            {
                await probe.DisposeAsync();
            }
        }
    }

    private static IEnumerable<(string What, Uri Address)> Addresses(List<TenantProbe> probes)
    {
        if (probes.Count == 0)
        {
            return [("Graph", NationalCloud.Global.GraphRoot), ("token authority", NationalCloud.Global.Authority)];
        }

        return probes.Select(p => ("Graph", TenantEndpoints.GraphRootOf(p.Resource.Spec)))
            .Concat(probes.Select(p => TenantEndpoints.AuthorityOf(p.Resource.Spec)).OfType<Uri>().Select(a => ("token authority", a)))
            .Distinct();
    }
}

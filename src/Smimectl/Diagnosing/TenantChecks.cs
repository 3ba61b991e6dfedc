using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>What can be wrong with a Tenant and what it needs.</summary>
internal static class TenantChecks
{
    // A connector reports every hour or so; a day of silence is a server that is off.
    private static readonly TimeSpan LongSilence = TimeSpan.FromDays(1);

    public static IEnumerable<Check> Of(TenantProbe probe, string suffix, TimeProvider time) =>
    [
        new("credentials" + suffix, async _ => [await CredentialsAsync("credentials" + suffix, probe)]),
        new("permissions" + suffix, _ => PermissionsAsync("permissions" + suffix, probe)),
        new("reading" + suffix, _ => ReadingAsync("reading" + suffix, probe)),
        new("connectors" + suffix, _ => ConnectorsAsync("connectors" + suffix, probe, time)),
        new("connector key" + suffix, async token => [await ConnectorKeyAsync("connector key" + suffix, probe, token)]),
        new("limits" + suffix, _ => Task.FromResult(Limits("limits" + suffix, probe.Resource.Spec.Budget))),
    ];

    private static async Task<Diagnosis> CredentialsAsync(string check, TenantProbe probe)
    {
        try
        {
            var open = await probe.OpenAsync();
            return open.Access.Permissions is null
                ? Diagnosis.Ok(check, "type None: no token is asked for, which only a simulator accepts")
                : Diagnosis.Ok(check, $"a token was obtained, and it belongs to tenant {open.Access.TenantId}");
        }
        catch (TenantNotUsableException problem)
        {
            return Diagnosis.Problem(check, problem.Message, "state the Secret in DIR, unencrypted for this run, as docs/tenant-setup.md shows it");
        }
        catch (TenantException problem)
        {
            return Diagnosis.Problem(check, problem.Message, problem.Kind switch
            {
                FaultKind.WrongTenant => "set spec.tenantId to the tenant that the app registration belongs to, or use that tenant's credentials",
                FaultKind.CredentialsInvalid => "compare clientId with the app registration, and renew its secret, certificate or federated credential",
                _ => "see what the findings on reach say",
            });
        }
    }

    private static async Task<IReadOnlyList<Diagnosis>> PermissionsAsync(string check, TenantProbe probe)
    {
        if (!await probe.IsOpenAsync())
        {
            return [NotOpen(check)];
        }

        if ((await probe.OpenAsync()).Access.Permissions is not { } roles)
        {
            return [Diagnosis.Ok(check, "no token, no permissions (credentials.type None)")];
        }

        var mode = probe.Resource.Spec.Mode;
        var (granted, missing) = Permissions.Check(roles, mode);
        return
        [
            .. missing.Select(role => Diagnosis.Problem(check, $"{role} is missing", "grant it to the app registration as application permission of Microsoft Graph, and give admin consent")),
            .. Permissions.Excessive(roles, mode).Select(role => Diagnosis.Warning(
                check, $"{role} is granted and not needed{(mode == TenantMode.ReadOnly ? " with mode ReadOnly" : "")}", "remove it from the app registration: what is not granted cannot be abused")),
            .. Permissions.Optional.Where(o => !roles.Contains(o.Name)).Select(o => Diagnosis.Ok(check, $"{o.Name} is not granted; it is optional: with it {o.Use}")),
            .. missing.Count == 0 ? [Diagnosis.Ok(check, $"everything that is needed is granted: {string.Join(", ", granted)}")] : Array.Empty<Diagnosis>(),
        ];
    }

    // One cause, one problem: the check of the credentials has told it.
    private static Diagnosis NotOpen(string check) => Diagnosis.Warning(check, "not known, since the tenant could not be opened", "mend what the finding on credentials says");

    private static async Task<IReadOnlyList<Diagnosis>> ReadingAsync(string check, TenantProbe probe)
    {
        if (!await probe.IsOpenAsync())
        {
            return [NotOpen(check)];
        }

        var snapshot = await probe.SnapshotAsync();
        return snapshot.Faults.Count > 0
            ? [.. snapshot.Faults.Select(f => Diagnosis.Problem(check, $"{f.Key}: {f.Value.Message}", f.Value.IsTransient
                ? "it may pass by itself; look again in some minutes"
                : "what the message says; a missing permission is named under permissions too"))]
            : [Diagnosis.Ok(check, string.Create(CultureInfo.InvariantCulture,
                $"{snapshot.Objects.Sum(o => o.Value.Count)} apps, policies and profiles, and {snapshot.CertificateCount} imported certificates were read"))];
    }

    private static async Task<IReadOnlyList<Diagnosis>> ConnectorsAsync(string check, TenantProbe probe, TimeProvider time)
    {
        if (!await probe.IsOpenAsync())
        {
            return [NotOpen(check)];
        }

        var snapshot = await probe.SnapshotAsync();
        var minimum = probe.Resource.Spec.MinimumConnectorVersion;
        if (snapshot.Faults.ContainsKey(SnapshotPart.Connectors))
        {
            return [Diagnosis.Warning(check, "could not be read", "see the finding on reading")];
        }

        var isNeeded = probe.Resource.Spec.ConnectorKey is not null;
        if (snapshot.Connectors.Count == 0)
        {
            const string Fix = "install the Certificate Connector for Microsoft Intune on a Windows server; imported and issued PKCS certificates need it";
            return [isNeeded ? Diagnosis.Problem(check, "there is none in the tenant", Fix) : Diagnosis.Warning(check, "there is none in the tenant", Fix)];
        }

        var (healthy, message) = ConnectorHealth.Judge(snapshot.Connectors, minimum);
        return
        [
            .. snapshot.Connectors.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => Connector(check, c, minimum, healthy, time.GetUtcNow())),
            .. healthy || !isNeeded ? Array.Empty<Diagnosis>() : [Diagnosis.Problem(check, message, "nothing that was imported reaches a device until one connector is active and new enough")],
        ];
    }

    private static Diagnosis Connector(string check, Connector connector, string minimum, bool another, DateTimeOffset now)
    {
        var text = $"{connector.Name} is {connector.State}, {(string.IsNullOrEmpty(connector.Version) ? "version unknown" : "version " + connector.Version)}"
            + (connector.LastConnection is { } last ? string.Create(CultureInfo.InvariantCulture, $", connected last {last.UtcDateTime:yyyy-MM-dd HH:mm}Z") : "");
        if (!ConnectorHealth.IsActive(connector))
        {
            const string Fix = "start the service \"PFX Create Legacy Connector for Microsoft Intune\" or sign the connector in again; remove it in the portal if its server is gone";
            return another ? Diagnosis.Warning(check, text, Fix) : Diagnosis.Problem(check, text, Fix);
        }

        if (!ConnectorHealth.IsHealthy(connector, minimum))
        {
            return Diagnosis.Problem(check, $"{text}; older than {minimum}", "update the connector on its server");
        }

        return connector.LastConnection is { } seen && now - seen > LongSilence
            ? Diagnosis.Warning(check, text, "its server may be off, whatever the state says: look at it")
            : Diagnosis.Ok(check, text);
    }

    private static async Task<Diagnosis> ConnectorKeyAsync(string check, TenantProbe probe, CancellationToken cancellationToken)
    {
        if (probe.Resource.Spec.ConnectorKey is null)
        {
            return Diagnosis.Ok(check, "the Tenant names none, so nothing can be imported through it");
        }

        var key = await TenantKey.ReadAsync(probe.Folder, probe.Resource, null, cancellationToken);
        return key.Problem is { } problem
            ? Diagnosis.Problem(check, $"{key.Reference}: {problem}", "state the connector's public key in DIR, as docs/tenant-setup.md shows it; `smimectl key inspect FILE` judges a file")
            : Diagnosis.Ok(check, $"{key.Reference}: fingerprint {key.Fingerprint}");
    }

    private static IReadOnlyList<Diagnosis> Limits(string check, BudgetSpec budget)
    {
        // The defaults are the published limits.
        var published = new BudgetSpec();
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{budget.WritesPer20s} writes and {budget.RequestsPer20s} requests in 20 s; published are {published.WritesPer20s} and {published.RequestsPer20s}");
        return
        [
            budget.WritesPer20s > published.WritesPer20s || budget.RequestsPer20s > published.RequestsPer20s
                ? Diagnosis.Warning(check, text, "lower spec.budget to the published limits: what goes beyond is answered with 429, and everything waits")
                : budget.RequestsPer20s < budget.WritesPer20s
                    ? Diagnosis.Warning(check, text, "raise spec.budget.requestsPer20s above writesPer20s: writes are requests too")
                    : Diagnosis.Ok(check, text),
        ];
    }
}

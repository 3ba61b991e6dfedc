using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator;

/// <summary>A small company to try things with: what the samples name.</summary>
public static class SampleTenant
{
    private static readonly string[] Users = ["alice", "bob", "carol", "dave"];

    // A leader among the users, and somebody from outside among both: what a plan reaches is not the sum of its groups.
    private static readonly (string Name, string[] Members)[] Groups =
    [
        ("S/MIME users", ["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"]),
        ("Executives", ["alice@contoso.com", "dave@contoso.com"]),
        ("Contractors", ["carol@contoso.com"]),
    ];

    /// <summary>Adds people, groups, a filter and a connector where they are missing; what is there stays as it is.</summary>
    public static void Fill(SimulatedTenant tenant)
    {
        var users = Names(tenant, "users", "userPrincipalName");
        foreach (var name in Users.Where(u => !users.Contains(u + "@contoso.com")))
        {
            tenant.AddUser($"{name}@contoso.com", displayName: char.ToUpperInvariant(name[0]) + name[1..]);
        }

        var groups = Names(tenant, "groups", "displayName");
        foreach (var (group, members) in Groups.Where(g => !groups.Contains(g.Name)))
        {
            tenant.AddGroup(group, members: members);
        }

        if (!Names(tenant, "assignmentFilters", "displayName").Contains("Corporate iPhones"))
        {
            tenant.AddFilter("Corporate iPhones");
        }

        if (tenant.Count("ndesConnectors") == 0)
        {
            tenant.AddConnector("connector01.contoso.com");
        }
    }

    /// <summary>Adds what a client finds and never makes: a volume purchase, an approval in managed Google Play, an issuer of derived credentials.</summary>
    public static void AddGivens(SimulatedTenant tenant)
    {
        var types = Names(tenant, "mobileApps", "@odata.type");
        if (!types.Contains("#microsoft.graph.iosVppApp"))
        {
            tenant.AddVppApp();
        }

        if (!types.Contains("#microsoft.graph.androidManagedStoreApp"))
        {
            tenant.AddAndroidApp();
        }

        if (tenant.Count("derivedCredentials") == 0)
        {
            tenant.Add("derivedCredentials", new JsonObject { ["displayName"] = "Purebred", ["issuer"] = "purebred", ["notificationType"] = "companyPortal" });
        }
    }

    private static HashSet<string> Names(SimulatedTenant tenant, string collection, string property) =>
        tenant.List(collection).Select(o => (string?)o[property]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
}

using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator;

namespace Smimectl;

/// <summary>Fills the simulated tenant with what the samples name, and counts what is asked of it.</summary>
internal static class DemoTenant
{
    private static readonly string[] Users = ["alice", "bob", "carol", "dave"];

    // A leader among the users, and somebody from outside among both: what a plan reaches is not the sum of its groups.
    private static readonly (string Name, string[] Members)[] Groups =
    [
        ("S/MIME users", ["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"]),
        ("Executives", ["alice@contoso.com", "dave@contoso.com"]),
        ("Contractors", ["carol@contoso.com"]),
    ];

    /// <summary>Adds what is missing; what is there stays as it is.</summary>
    public static void Fill(SimulatedTenant tenant)
    {
        foreach (var user in Users.Select(u => u + "@contoso.com").Except(Names(tenant, "users", "userPrincipalName")))
        {
            tenant.AddUser(user);
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

    /// <summary>Adds what the operator finds and never makes: a volume purchase, an approval in managed Google Play, an issuer of derived credentials.</summary>
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

    /// <summary>Requests that were to change the tenant.</summary>
    public static int Writes(SimulatedTenant tenant) => tenant.Log.Total.Writes;

    private static HashSet<string> Names(SimulatedTenant tenant, string collection, string property) =>
        tenant.List(collection).Select(o => (string?)o[property]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
}

using SmimeOperator.TenantSimulator;

namespace Smimectl;

/// <summary>Fills the simulated tenant with what the samples name, and counts what is asked of it.</summary>
internal static class DemoTenant
{
    private static readonly string[] Users = ["alice", "bob", "carol", "dave"];
    private static readonly string[] Groups = ["S/MIME users", "Executives", "Contractors"];

    /// <summary>Adds what is missing; what is there stays as it is.</summary>
    public static void Fill(SimulatedTenant tenant)
    {
        foreach (var user in Users.Select(u => u + "@contoso.com").Except(Names(tenant, "users", "userPrincipalName")))
        {
            tenant.AddUser(user);
        }

        foreach (var group in Groups.Except(Names(tenant, "groups", "displayName")))
        {
            tenant.AddGroup(group);
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

    /// <summary>Requests that changed the tenant. A batch is none by itself, for what is in it is counted; and a look-up of ids is a POST that reads.</summary>
    public static int Writes(SimulatedTenant tenant) => tenant.Log.Counts
        .Where(c => !c.Key.EndsWith("$batch", StringComparison.Ordinal) && !c.Key.EndsWith("/getByIds", StringComparison.Ordinal))
        .Sum(c => c.Value.Writes);

    private static HashSet<string> Names(SimulatedTenant tenant, string collection, string property) =>
        tenant.List(collection).Select(o => (string?)o[property]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
}

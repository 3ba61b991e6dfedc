namespace SmimeOperator.TenantSimulator;

/// <summary>A small company to try things with.</summary>
public static class SampleTenant
{
    /// <summary>Fills a tenant that has no users yet: people, groups, a filter and a connector.</summary>
    public static void Fill(SimulatedTenant tenant)
    {
        if (tenant.Count("users") > 0)
        {
            return;
        }

        foreach (var name in (string[])["alice", "bob", "carol", "dave"])
        {
            tenant.AddUser($"{name}@contoso.com", displayName: char.ToUpperInvariant(name[0]) + name[1..]);
        }

        tenant.AddGroup("S/MIME users", members: ["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"]);
        tenant.AddGroup("Contractors", members: ["carol@contoso.com"]);
        tenant.AddFilter("Corporate iPhones");
        tenant.AddConnector("connector01.contoso.com");
    }
}

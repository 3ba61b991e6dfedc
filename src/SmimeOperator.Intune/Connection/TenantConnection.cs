using Azure.Core;

namespace SmimeOperator.Intune;

/// <summary>How a tenant is reached: what <see cref="IIntuneTenantFactory"/> needs to connect.</summary>
public sealed record TenantConnection
{
    /// <summary>The pinned Entra tenant id.</summary>
    public required string TenantId { get; init; }

    /// <summary>The Graph root without version, such as https://graph.microsoft.com.</summary>
    public required Uri GraphRoot { get; init; }

    /// <summary>The scope that tokens are asked for.</summary>
    public required string Scope { get; init; }

    /// <summary>Gets tokens; null only for a simulator (credentials type None).</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>Writes in twenty seconds.</summary>
    public int WritesPer20s { get; init; } = 100;

    /// <summary>Requests of any kind in twenty seconds.</summary>
    public int RequestsPer20s { get; init; } = 1000;
}

/// <summary>The national clouds (intune.md §9.4).</summary>
/// <param name="GraphRoot">The Graph root without version.</param>
/// <param name="Authority">Where tokens are asked for.</param>
/// <param name="Scope">The scope for client credentials.</param>
public sealed record NationalCloud(Uri GraphRoot, Uri Authority, string Scope)
{
    /// <summary>Global, and GCC.</summary>
    public static NationalCloud Global { get; } = Of("https://graph.microsoft.com", "https://login.microsoftonline.com");

    /// <summary>US Government L4 (GCC High).</summary>
    public static NationalCloud UsGov { get; } = Of("https://graph.microsoft.us", "https://login.microsoftonline.us");

    /// <summary>US Government L5 (DoD).</summary>
    public static NationalCloud UsGovDoD { get; } = Of("https://dod-graph.microsoft.us", "https://login.microsoftonline.us");

    /// <summary>China, run by 21Vianet.</summary>
    public static NationalCloud China { get; } = Of("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn");

    private static NationalCloud Of(string graph, string authority) => new(new Uri(graph), new Uri(authority), graph + "/.default");
}

/// <summary>Connects tenants.</summary>
public interface IIntuneTenantFactory
{
    /// <summary>Makes a connection; nothing is sent yet.</summary>
    IIntuneTenant Connect(TenantConnection connection);
}

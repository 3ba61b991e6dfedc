using Microsoft.Kiota.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>Makes requests: addresses below one Graph root, and bodies that can be sent more than once.</summary>
internal sealed class GraphRequests(Uri graphRoot)
{
    private readonly string _root = graphRoot.AbsoluteUri.TrimEnd('/');

    /// <summary>The root of the beta version.</summary>
    public string Beta => _root + "/beta";

    /// <summary>The root of version 1.0.</summary>
    public string V1 => _root + "/v1.0";

    /// <summary>A GET below a version's root; the path carries its query, escaped.</summary>
    public static RequestInformation Get(string address)
    {
        var request = Of(Method.GET, address);
        request.Headers.TryAdd("Accept", "application/json");
        return request;
    }

    /// <summary>A request with a JSON body.</summary>
    public static RequestInformation WithBody(Method method, string address, byte[] json)
    {
        var request = Of(method, address);
        request.SetStreamContent(new MemoryStream(json, writable: false), "application/json");
        request.Headers.TryAdd("Accept", "application/json");
        return request;
    }

    /// <summary>A DELETE.</summary>
    public static RequestInformation Delete(string address) => Of(Method.DELETE, address);

    /// <summary>Whether an address that the service gave is its own, so that the token may go there.</summary>
    public bool IsOurs(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, graphRoot.Authority, StringComparison.OrdinalIgnoreCase)
        && string.Equals(uri.Scheme, graphRoot.Scheme, StringComparison.Ordinal);

    private static RequestInformation Of(Method method, string address) => new() { HttpMethod = method, URI = new Uri(address) };
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Smimectl;

/// <summary>Whether the service can be reached from here, and whether this machine's clock is right.</summary>
internal static class NetworkChecks
{
    // Tokens and signed assertions are refused from five minutes on; half a minute is what a clock with NTP never has.
    private static readonly TimeSpan TooFar = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Odd = TimeSpan.FromSeconds(30);

    /// <summary>Looks at an address; the clock is compared with the answer's date.</summary>
    public static Check Of(string what, Uri address, TimeProvider time) =>
        new($"reach {what}", token => LookAsync($"reach {what}", address, time, token));

    private static async Task<IReadOnlyList<Diagnosis>> LookAsync(string check, Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        var proxy = HttpClient.DefaultProxy.IsBypassed(address) ? null : HttpClient.DefaultProxy.GetProxy(address);
        if (proxy is null && await ResolveAsync(address, cancellationToken) is { } unknown)
        {
            return [Diagnosis.Problem(check, unknown, "check this machine's DNS; behind a proxy set HTTPS_PROXY")];
        }

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var took = time.GetElapsedTime(started);
            var answer = Diagnosis.Ok(check, string.Create(CultureInfo.InvariantCulture,
                $"{address.Authority} answers (HTTP {(int)response.StatusCode}) after {took.TotalMilliseconds:0} ms{(proxy is null ? "" : $", through {proxy.Authority}")}"));
            return response.Headers.Date is { } date ? [answer, Clock(date, time.GetUtcNow() - (took / 2), address)] : [answer];
        }
        catch (HttpRequestException fault)
        {
            return [Failed(check, address, proxy, fault)];
        }
    }

    private static async Task<string?> ResolveAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken)).Length == 0 ? $"the name {address.DnsSafeHost} has no address" : null;
        }
        catch (SocketException fault)
        {
            return $"the name {address.DnsSafeHost} cannot be resolved ({fault.SocketErrorCode})";
        }
    }

    private static Diagnosis Failed(string check, Uri address, Uri? proxy, HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => Diagnosis.Problem(
            check, $"{address.Authority}: no TLS connection, its certificate is not trusted or the protocol not agreed",
            "a proxy that opens TLS must be trusted: name its root certificate with SSL_CERT_FILE, in the operator's pod too"),
        HttpRequestError.ProxyTunnelError => Diagnosis.Problem(
            check, $"{address.Authority}: the proxy {proxy?.Authority} lets nobody through", "allow the address on the proxy, or name another one with HTTPS_PROXY"),
        HttpRequestError.NameResolutionError => Diagnosis.Problem(
            check, $"the name {(proxy ?? address).DnsSafeHost} cannot be resolved", "check this machine's DNS and HTTPS_PROXY"),
        _ => Diagnosis.Problem(
            check, $"{address.Authority}: no connection{(fault.InnerException is SocketException socket ? $" ({socket.SocketErrorCode})" : "")}",
            "check firewall, proxy (HTTPS_PROXY) and spec.endpoint; a simulator has to be started"),
    };

    private static Diagnosis Clock(DateTimeOffset service, DateTimeOffset local, Uri address)
    {
        const string Check = "clock";
        var off = local - service;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(off.TotalSeconds):0} s {(off < TimeSpan.Zero ? "behind" : "ahead of")} {address.Authority}");
        const string Fix = "let this machine's clock follow NTP: tokens are refused when it is off by minutes";
        return off.Duration() >= TooFar ? Diagnosis.Problem(Check, text, Fix)
            : off.Duration() >= Odd ? Diagnosis.Warning(Check, text, Fix)
            : Diagnosis.Ok(Check, text);
    }
}

using System.Net;

namespace SmimeOperator.Intune;

/// <summary>Which failures may be tried again. Pure.</summary>
internal static class RetryRules
{
    /// <summary>Whether an outage speaks from this status, and waiting helps.</summary>
    public static bool IsOutage(HttpStatusCode status) => (int)status is 408 or 500 or 502 or 503 or 504;

    /// <summary>Whether a request that was answered so may have taken effect, and must not be repeated blindly.</summary>
    /// <remarks>503 with Retry-After is the service's front door turning requests away.</remarks>
    public static bool MayHaveHappened(Repeatable repeatable, HttpStatusCode status, bool namesWait) =>
        repeatable == Repeatable.IfUntouched
        && (IsOutage(status) || (int)status >= 500)
        && !(status == HttpStatusCode.ServiceUnavailable && namesWait);

    /// <summary>Whether a request that got no answer may have taken effect.</summary>
    public static bool MayHaveHappened(Repeatable repeatable, bool sent, Exception cause) =>
        repeatable == Repeatable.IfUntouched
        && sent
        && cause is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        };

    /// <summary>How long to wait before a try after an outage: doubling, with full jitter in its upper half.</summary>
    public static TimeSpan OutageDelay(int failures, TimeSpan first, double jitter) =>
        first * Math.Pow(2, Math.Clamp(failures - 1, 0, 6)) * (0.5 + (jitter / 2));
}

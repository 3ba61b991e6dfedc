using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Client;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "The API server answers {StatusCode} and asks to wait {Wait} before {Method} {Path}.")]
    public static partial void ServerAsksToWait(this ILogger logger, int statusCode, TimeSpan wait, string method, string? path);
}

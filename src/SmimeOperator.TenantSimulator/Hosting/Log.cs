namespace SmimeOperator.TenantSimulator;

/// <summary>What the simulator says of itself.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Simulated tenant {TenantId} listens on {Address}")]
    public static partial void Listening(ILogger logger, string tenantId, Uri address);

    [LoggerMessage(2, LogLevel.Warning, "The state could not be saved")]
    public static partial void StateNotSaved(ILogger logger, Exception exception);
}

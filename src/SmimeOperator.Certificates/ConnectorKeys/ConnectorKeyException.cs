namespace SmimeOperator.Certificates;

/// <summary>The connector key cannot be used. The message says what is wrong and what to do.</summary>
public sealed class ConnectorKeyException(string message, Exception? inner = null) : Exception(message, inner);

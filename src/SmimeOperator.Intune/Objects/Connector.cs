namespace SmimeOperator.Intune;

/// <summary>A certificate connector (ndesConnector joined with certificateConnectorDetails by machine name).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="MachineName">The server it runs on.</param>
/// <param name="Version">Its version as text; null or empty when the tenant does not tell.</param>
/// <param name="State">active, inactive or none.</param>
/// <param name="LastConnection">When it connected last.</param>
public sealed record Connector(string Id, string Name, string? MachineName, string? Version, string State, DateTimeOffset? LastConnection);

/// <summary>An assignment filter.</summary>
/// <param name="Id">Its id, in lower case.</param>
/// <param name="DisplayName">Its name; not unique by rule.</param>
/// <param name="Platform">The platform it is for, such as iOS.</param>
public sealed record AssignmentFilter(string Id, string DisplayName, string? Platform);

namespace DynamicObj;

/// <summary>Named properties, in the order in which they were set; plotly.js's objects are made of it.</summary>
public class DynamicObj
{
    private readonly List<KeyValuePair<string, object>> _properties = [];

    public void SetProperty(string propertyName, object propertyValue)
    {
        var property = KeyValuePair.Create(propertyName, propertyValue);
        var at = _properties.FindIndex(existing => existing.Key == propertyName);
        if (at < 0) _properties.Add(property);
        else _properties[at] = property;
    }

    public object? TryGetPropertyValue(string propertyName) => _properties.Find(property => property.Key == propertyName).Value;

    public IEnumerable<KeyValuePair<string, object>> GetProperties(bool includeInstanceProperties) => _properties;
}

// Draws components/map.html from the list that stands before it. Without this script the list says everything.
"use strict";

(() => {
  // Pixels: markers nearer than a finger are one; dots whose names would touch are not named.
  const TOUCHING = 52;
  const NAME_HEIGHT = 26;
  const NAME_PER_LETTER = 11;
  const CLOSEST = 13;
  const STEADY = matchMedia("(prefers-reduced-motion: reduce)").matches;

  for (const section of document.querySelectorAll("[data-map]")) {
    const spots = spotsOf(document.getElementById(section.dataset.map));
    if (spots.length) draw(section, spots);
  }

  // What the list says: who, where they are read about, and the centre of each of their places.
  function spotsOf(list) {
    if (!list) return [];
    return [...list.querySelectorAll("[data-map-name]")].flatMap((item) =>
      [...item.querySelectorAll("[data-map-lat]")].map((place) => ({
        name: item.dataset.mapName,
        url: item.dataset.mapUrl,
        place: place.dataset.mapPlace,
        at: L.latLng(Number(place.dataset.mapLat), Number(place.dataset.mapLng)),
      })),
    );
  }

  function draw(section, spots) {
    section.hidden = false;
    const dots = JSON.parse(section.dataset.mapDots).map(([name, lat, lng]) => ({ name, at: L.latLng(lat, lng) }));
    const map = L.map(section.querySelector("[data-map-frame]"), {
      attributionControl: false,
      zoomControl: false,
      // A page that is scrolled goes on being scrolled: one zooms with the buttons, or with two fingers.
      scrollWheelZoom: false,
      dragging: !L.Browser.mobile,
      zoomAnimation: !STEADY,
      fadeAnimation: false,
      markerZoomAnimation: false,
      inertia: !STEADY,
    });
    const frame = map.getContainer();
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", section.dataset.mapLabel);
    L.control.zoom({ zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" }).addTo(map);
    addTiles(map, section.dataset);
    const everything = L.latLngBounds([...spots, ...dots].map((one) => one.at));
    map.fitBounds(everything, { padding: [56, 56], maxZoom: CLOSEST, animate: false });
    const names = L.layerGroup().addTo(map);
    const markers = L.layerGroup().addTo(map);
    const again = () => {
      drawDots(map, names, dots);
      drawMarkers(map, markers, spots);
    };
    again();
    map.on("zoomend", again);
    keepFocus(map);
  }

  function addTiles(map, told) {
    if (!told.mapTiles) return;
    L.tileLayer(told.mapTiles, { maxZoom: 18, detectRetina: told.mapTiles.includes("{r}") }).addTo(map);
    const credit = element("span", "map__credit", told.mapCredit);
    L.control.attribution({ prefix: false }).addTo(map).getContainer().append(credit);
  }

  // The communes, by their names: the most peopled first, as many as there is room for.
  function drawDots(map, layer, dots) {
    layer.clearLayers();
    const taken = [];
    for (const dot of dots) {
      const point = map.latLngToLayerPoint(dot.at);
      const width = dot.name.length * NAME_PER_LETTER;
      const box = L.bounds(point.subtract([width / 2, 0]), point.add([width / 2, NAME_HEIGHT * 1.6]));
      const isNamed = !taken.some((other) => other.intersects(box));
      if (isNamed) taken.push(box);
      const drawn = element("span", "map-dot__name", isNamed ? dot.name : "");
      const icon = L.divIcon({ className: "map-dot", html: drawn, iconSize: [10, 10] });
      const marker = L.marker(dot.at, { icon, keyboard: false, interactive: false, zIndexOffset: -1000 });
      layer.addLayer(marker);
      marker.getElement().setAttribute("aria-hidden", "true");
    }
  }

  // One marker for what stands at one place, or too near to tell apart; in the order of the list.
  function drawMarkers(map, layer, spots) {
    layer.clearLayers();
    const groups = [];
    for (const spot of spots) {
      const point = map.latLngToLayerPoint(spot.at);
      const near = groups.find((group) => group.point.distanceTo(point) < TOUCHING);
      if (near) near.spots.push(spot);
      else groups.push({ point, spots: [spot] });
    }
    for (const group of groups) {
      const many = new Set(group.spots.map((spot) => spot.url)).size;
      const drawn = element("span", "map-marker__count", many > 1 ? String(many) : "");
      const icon = L.divIcon({ className: "map-marker", html: drawn, iconSize: [44, 44] });
      const marker = L.marker(group.spots[0].at, { icon, keyboard: true, riseOnHover: true });
      layer.addLayer(marker);
      marker.bindPopup(popupOf(group.spots), {
        closeButton: false,
        offset: [0, -18],
        closeOnEscapeKey: false,
        minWidth: 220,
        maxWidth: 300,
        autoPanPadding: [12, 12],
      });
      const button = marker.getElement();
      button.setAttribute("role", "button");
      button.setAttribute("aria-haspopup", "dialog");
      button.setAttribute("aria-label", nameOf(group.spots));
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        marker.openPopup();
      });
    }
  }

  // « Alice M., référente, Grenoble »; of several: « Grenoble, 2 personnes : Alice M., référente ; Paul D., référent ».
  function nameOf(spots) {
    const names = [...new Map(spots.map((spot) => [spot.url, spot.name])).values()];
    if (names.length === 1) return `${names[0]}, ${placesOf(spots)}`;
    return `${placesOf(spots)}, ${names.length} personnes\u00a0: ${names.join("\u00a0; ")}`;
  }

  function placesOf(spots) {
    return [...new Set(spots.map((spot) => spot.place))].join(", ");
  }

  function popupOf(spots) {
    const box = element("div", "map-popup");
    box.append(element("p", "map-popup__place", placesOf(spots)));
    const list = element("ul", "map-popup__list");
    for (const [url, name] of new Map(spots.map((spot) => [spot.url, spot.name]))) {
      const item = element("li");
      const link = element("a", "map-popup__link", name);
      link.href = url;
      item.append(link);
      list.append(item);
    }
    const close = element("button", "ds-button map-popup__close", "Fermer");
    close.type = "button";
    close.dataset.variant = "secondary";
    box.append(list, close);
    return box;
  }

  // Focus goes into what opens, and back to its marker when it closes; Escape closes, from wherever one is on the map.
  function keepFocus(map) {
    let opened = null;
    const close = () => {
      const marker = opened?._source?.getElement();
      map.closePopup();
      marker?.focus({ preventScroll: true });
    };
    map.on("popupopen", ({ popup }) => {
      opened = popup;
      const content = popup.getContent();
      popup.getElement().setAttribute("role", "dialog");
      popup.getElement().setAttribute("aria-label", content.querySelector(".map-popup__place").textContent);
      content.querySelector(".map-popup__close").onclick = close;
      content.querySelector("a").focus({ preventScroll: true });
    });
    map.on("popupclose", () => {
      opened = null;
    });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && opened) close();
    });
  }

  // Text only, never markup: words of the list are somebody's.
  function element(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
})();

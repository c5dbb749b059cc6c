/** Words that invented people and places are made of. No real person is meant. */

export const FIRST_NAMES = (
  'Ada Amir Ana Anjali Asha Ben Bianca Caleb Carmen Chidi Clara Dalia Damon Devon Elena Eli Emeka Esme Farah Felix ' +
  'Gia Grace Hana Hector Imani Ines Isaac Jada Jamal Jana Jia Joel Kai Kamila Keisha Kofi Lara Leo Lina Luca Maya ' +
  'Miguel Mina Nadia Naomi Noah Omar Paloma Priya Quinn Rafael Ravi Rosa Ruth Sam Sana Tariq Tess Uma Vera Wren Yara Zane'
).split(' ');

export const LAST_NAMES = (
  'Abara Albright Amberley Ashdown Baptiste Bell Bexley Birchwood Brannock Calloway Castellan Chandra Coldwater ' +
  'Corrigan Dabrowski Delacroix Drummond Eastman Ekwueme Fairweather Falk Farrow Fontaine Gallow Garrido Greenleaf ' +
  'Hallmark Hawthorne Ibarra Ivers Jansen Juarez Kaplan Kestrel Kimura Lachance Larkspur Lindqvist Lockhart Maddox ' +
  'Marchetti Merriweather Moreau Nakagawa Northcott Novak Okafor Oyelaran Pemberton Petrov Quill Ramirez Redfern ' +
  'Rosewood Salazar Sandoval Silverton Stoddard Talwar Thistle Underhill Valdez Vandermeer Wainwright Whitlock Yarrow Zielinski'
).split(' ');

export const PLACES = (
  'Alder Ash Aspen Beacon Birch Bluff Bridger Brook Canyon Cedar Clearwater Cottonwood Crestview Dogwood Eastgate ' +
  'Elm Fairview Foxglove Garnet Granite Harbor Hawthorn Hickory Highland Juniper Lakeside Laurel Linden Magnolia ' +
  'Maple Meadow Millstone Northgate Oakmont Orchard Pinecrest Prairie Redbud Ridgeway Riverbend Sagebrush Spruce ' +
  'Stonebridge Summit Sunrise Sycamore Tamarack Valley Westwind Willow'
).split(' ');
